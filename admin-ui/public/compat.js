/* Tells people with a browser from before Chromium 90 what to do, in words that every browser can run. */
(() => {
  var fit =
    typeof Promise === "function" &&
    typeof WeakRef === "function" &&
    typeof String.prototype.replaceAll === "function" &&
    "noModule" in document.createElement("script") &&
    !!(window.CSS && CSS.supports && CSS.supports("inset", "0"));
  if (fit) {
    return;
  }
  document.addEventListener("DOMContentLoaded", () => {
    var note = document.createElement("div");
    note.setAttribute("role", "alert");
    note.style.cssText =
      "position:fixed;top:0;left:0;right:0;bottom:0;z-index:9999;background:#fff;padding:15vh 24px 24px;" +
      "text-align:center;font:16px/1.8 'Microsoft YaHei',sans-serif;color:#1f2329";
    note.innerHTML =
      "<p style='font-size:20px'>浏览器版本过低，无法使用本系统</p>" +
      "<p>请改用 Chrome、Edge、360、奇安信等内核为 Chromium 90 或更高版本的浏览器（360、奇安信请切换到“极速模式”）。</p>" +
      "<p style='color:#595959'>This browser is too old. Please use one based on Chromium 90 or newer.</p>";
    document.body.appendChild(note);
  });
})();
