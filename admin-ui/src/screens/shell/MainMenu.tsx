import {
  ApartmentOutlined,
  AuditOutlined,
  CheckSquareOutlined,
  DashboardOutlined,
  DesktopOutlined,
  FileProtectOutlined,
  ProfileOutlined,
  SafetyCertificateOutlined,
  TeamOutlined,
  WarningOutlined,
} from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Link, useRouterState } from "@tanstack/react-router";
import { Badge, Menu, type MenuProps } from "antd";
import { incidentsQuery } from "../../api/queries/incidents";
import { useMe } from "../../api/queries/session";
import { todoQuery } from "../../api/queries/tasks";
import type { Me } from "../../api/types";
import { BADGE_MOST, badgeText } from "../../i18n/format";
import { useMessages } from "../../i18n/language";
import type { Messages } from "../../i18n/zh";

/** To-do, done, and the lists and cockpit of each module that the reader may see. */
export function MainMenu() {
  const texts = useMessages();
  const me = useMe();
  const { data: todo } = useQuery(todoQuery(1));
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  const count = todo?.total ?? 0;
  const { data: incidents } = useQuery(incidentsQuery(1));
  const open = incidents?.total ?? 0;
  const items: MenuProps["items"] = [
    {
      key: "/todo",
      icon: <AuditOutlined aria-hidden />,
      label: (
        <Link to="/todo" className="menu-link" aria-label={texts.nav.todoCount(badgeText(count))}>
          {texts.nav.todo}
          <Badge count={count} overflowCount={BADGE_MOST} size="small" />
        </Link>
      ),
    },
    {
      key: "/done",
      icon: <CheckSquareOutlined aria-hidden />,
      label: <Link to="/done">{texts.nav.done}</Link>,
    },
    // Only who may resolve incidents is told of any; without one there is nothing to see to.
    ...(open > 0 || pathname === "/incidents"
      ? [
          {
            key: "/incidents",
            icon: <WarningOutlined aria-hidden />,
            label: (
              <Link
                to="/incidents"
                className="menu-link"
                aria-label={texts.nav.incidentCount(badgeText(open))}
              >
                {texts.incidents.title}
                <Badge count={open} overflowCount={BADGE_MOST} size="small" />
              </Link>
            ),
          },
        ]
      : []),
    ...(me.duties.includes("security")
      ? [
          {
            key: "/access",
            icon: <SafetyCertificateOutlined aria-hidden />,
            label: <Link to="/access">{texts.access.title}</Link>,
          },
        ]
      : []),
    ...(me.consoles.includes("organisation")
      ? [
          {
            key: "/organisation",
            icon: <ApartmentOutlined aria-hidden />,
            label: <Link to="/organisation">{texts.organisation.title}</Link>,
          },
        ]
      : []),
    ...[...me.modules].sort((a, b) => a.order - b.order).map((module) => moduleItems(module, texts)),
    ...adminItems(me, texts),
  ];
  return (
    <nav aria-label={texts.app.menu}>
      <Menu
        mode="inline"
        className="shell-menu"
        items={items}
        selectedKeys={selected(pathname, items)}
        inlineIndent={16}
      />
    </nav>
  );
}

/** What the reader's duties of administration open. */
function adminItems(me: Me, texts: Messages) {
  const all = [
    {
      console: "accounts",
      to: "/admin/accounts",
      icon: <TeamOutlined aria-hidden />,
      title: texts.admin.accounts,
    },
    {
      console: "sessions",
      to: "/admin/sessions",
      icon: <DesktopOutlined aria-hidden />,
      title: texts.admin.sessions,
    },
    { console: "log", to: "/admin/log", icon: <FileProtectOutlined aria-hidden />, title: texts.admin.log },
  ] as const;
  const children = all
    .filter(({ console }) => me.consoles.includes(console))
    .map(({ to, icon, title }) => ({ key: to, icon, label: <Link to={to}>{title}</Link> }));
  return children.length > 0
    ? [{ type: "group" as const, key: "admin", label: texts.admin.menu, children }]
    : [];
}

function moduleItems(module: Me["modules"][number], texts: Messages) {
  return {
    type: "group" as const,
    key: module.name,
    label: module.title,
    children: [
      ...(module.cockpit
        ? [
            {
              key: `/cockpits/${module.name}`,
              icon: <DashboardOutlined aria-hidden />,
              label: (
                <Link to="/cockpits/$module" params={{ module: module.name }}>
                  {texts.nav.cockpit}
                </Link>
              ),
            },
          ]
        : []),
      ...module.kinds.map((kind) => ({
        key: `/modules/${module.name}/${kind.name}`,
        icon: <ProfileOutlined aria-hidden />,
        label: (
          <Link to="/modules/$module/$kind" params={{ module: module.name, kind: kind.name }}>
            {kind.title}
          </Link>
        ),
      })),
    ],
  };
}

/** The entry whose address is the longest beginning of where the reader is. */
function selected(pathname: string, items: MenuProps["items"]): string[] {
  const keys = (items ?? []).flatMap((item) => {
    if (!item) {
      return [];
    }
    const children = "children" in item ? (item.children ?? []) : [];
    return [item.key, ...children.map((child) => child?.key)];
  });
  const fitting = keys
    .map(String)
    .filter((key) => pathname === key || pathname.startsWith(`${key}/`))
    .sort((a, b) => b.length - a.length);
  return fitting.slice(0, 1);
}
