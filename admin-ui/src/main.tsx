import "./polyfills";
import "antd/dist/reset.css";
import "./styles/index.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { App as AntApp, ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import dayjs from "dayjs";
import "dayjs/locale/zh-cn";
import { StrictMode, useEffect } from "react";
import { createRoot } from "react-dom/client";
import { watchActivity } from "./api/activity";
import { createQueryClient } from "./api/expiry";
import { useLanguage } from "./i18n/language";
import { makeRouter } from "./router";
import { theme } from "./theme";
import { meta } from "./ui/meta";

watchActivity();
const client = createQueryClient();
const router = makeRouter(client);
const styleNonce = meta("csp-nonce");

function Root() {
  const language = useLanguage();
  dayjs.locale(language === "zh" ? "zh-cn" : "en");
  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  }, [language]);
  return (
    <ConfigProvider
      theme={theme}
      locale={language === "zh" ? zhCN : enUS}
      csp={styleNonce ? { nonce: styleNonce } : {}}
      button={{ autoInsertSpace: false }}
    >
      <AntApp message={{ top: 64 }} className="app">
        <QueryClientProvider client={client}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </AntApp>
    </ConfigProvider>
  );
}

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Root />
    </StrictMode>,
  );
}
