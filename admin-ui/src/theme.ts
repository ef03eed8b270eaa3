import type { ThemeConfig } from "antd";

/** Fonts of the systems that are met, Chinese ones included; none is loaded. */
export const FONT =
  '-apple-system, BlinkMacSystemFont, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif';

/** Colours that keep WCAG AA contrast on white; antd's own defaults do not all (placeholder, description, primary). */
export const theme: ThemeConfig = {
  cssVar: { key: "docket" },
  hashed: false,
  token: {
    colorPrimary: "#0958d9",
    colorLink: "#0958d9",
    colorInfo: "#0958d9",
    colorError: "#cf1322",
    colorSuccess: "#237804",
    colorWarning: "#ad4e00",
    colorWarningBg: "#fff8e6",
    colorWarningBorder: "#e6c37a",
    colorErrorBg: "#fff1f0",
    colorErrorBorder: "#f3a9a4",
    colorSuccessBg: "#f2faec",
    colorSuccessBorder: "#b5d9a0",
    colorInfoBg: "#eef5ff",
    colorInfoBorder: "#b3d0fb",
    colorText: "#1f2329",
    colorTextSecondary: "#4e5560",
    colorTextTertiary: "#595f69",
    colorTextDescription: "#595959",
    colorTextPlaceholder: "#6b7280",
    colorBorder: "#c9cdd4",
    colorBorderSecondary: "#e5e6eb",
    colorBgLayout: "#f4f6f9",
    borderRadius: 4,
    borderRadiusLG: 6,
    fontSize: 14,
    fontFamily: FONT,
    wireframe: false,
  },
  components: {
    Layout: {
      headerBg: "#ffffff",
      headerHeight: 52,
      headerPadding: "0 16px",
      siderBg: "#ffffff",
      bodyBg: "#f4f6f9",
    },
    Menu: { itemBorderRadius: 4, itemSelectedBg: "#e6f0ff", itemHeight: 36, subMenuItemBg: "#ffffff" },
    Table: { headerBg: "#f2f4f7", headerColor: "#1f2329", cellPaddingBlockMD: 9, cellPaddingInlineMD: 10 },
    Form: { verticalLabelPadding: "0 0 4px", itemMarginBottom: 18 },
    Card: { headerHeight: 44, bodyPadding: 16 },
    Tabs: { horizontalMargin: "0 0 12px" },
  },
};
