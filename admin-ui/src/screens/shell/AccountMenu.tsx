import {
  GlobalOutlined,
  LogoutOutlined,
  SafetyOutlined,
  SettingOutlined,
  UserOutlined,
} from "@ant-design/icons";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { App, Button, Dropdown, Grid } from "antd";
import { errorText } from "../../api/errors";
import { signOut } from "../../api/queries/session";
import type { Me } from "../../api/types";
import { language, setLanguage, useMessages } from "../../i18n/language";

/** Who is signed in and with which posts; the language; signing out. */
export function AccountMenu({ me }: { me: Me }) {
  const texts = useMessages();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const wide = Grid.useBreakpoint().md ?? true;
  const out = useMutation({
    mutationFn: signOut,
    // What is still being asked would be refused once the session has ended.
    onMutate: () => client.cancelQueries(),
    onSuccess: async () => {
      await navigate({ to: "/signin" });
      client.clear();
    },
    onError: (error) => message.error(errorText(error)),
  });
  return (
    <Dropdown
      trigger={["click"]}
      placement="bottomRight"
      menu={{
        items: [
          { key: "who", label: <AccountCard me={me} />, disabled: true },
          { type: "divider" },
          { key: "security", icon: <SafetyOutlined aria-hidden />, label: texts.security.title },
          { key: "settings", icon: <SettingOutlined aria-hidden />, label: texts.app.settings },
          {
            key: "language",
            icon: <GlobalOutlined aria-hidden />,
            label: <span lang={language() === "zh" ? "en" : "zh-CN"}>{texts.app.language}</span>,
          },
          { key: "out", icon: <LogoutOutlined aria-hidden />, label: texts.app.signOut },
        ],
        onClick: ({ key }) => {
          if (key === "language") {
            setLanguage(language() === "zh" ? "en" : "zh");
            // Titles come from the server in the reader's language.
            void client.invalidateQueries();
          } else if (key === "security") {
            void navigate({ to: "/security" });
          } else if (key === "settings") {
            void navigate({ to: "/settings" });
          } else if (key === "out") {
            out.mutate();
          }
        },
      }}
    >
      <Button
        type="text"
        className="header-button"
        icon={<UserOutlined aria-hidden />}
        aria-label={texts.app.account(me.person.name)}
        loading={out.isPending}
      >
        {wide ? me.person.name : null}
      </Button>
    </Dropdown>
  );
}

function AccountCard({ me }: { me: Me }) {
  const texts = useMessages();
  const posts = me.posts.map(({ title, unit }) => [unit?.name, title].filter(Boolean).join(" "));
  return (
    <div className="account-card">
      <strong>{me.person.name}</strong> <span className="muted">{me.person.code}</span>
      {me.person.title ? <div>{me.person.title}</div> : null}
      <div className="muted">
        {posts.length > 0 ? [...new Set(posts)].join(texts.listComma) : texts.app.noPosts}
      </div>
    </div>
  );
}
