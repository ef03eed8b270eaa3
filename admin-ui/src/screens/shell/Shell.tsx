import { MenuOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { Alert, Button, Drawer, Grid, Layout } from "antd";
import { useEffect, useRef, useState } from "react";
import { listen, useStream } from "../../api/events";
import { setExpired, useExpired } from "../../api/expiry";
import { meQuery, useMe } from "../../api/queries/session";
import { useMessages } from "../../i18n/language";
import { AccountMenu } from "./AccountMenu";
import { ActingBanner } from "./ActingBanner";
import { DemoClock } from "./DemoClock";
import { MainMenu } from "./MainMenu";
import { NoticesBell } from "./NoticesBell";
import { SignInAgain } from "./SignInAgain";

/** The frame of every page behind sign-in: menu, header, live changes, and what stands over the page. */
export function Shell() {
  const texts = useMessages();
  const me = useMe();
  useQuery({ ...meQuery, refetchInterval: 300_000 });
  const expired = useExpired();
  const wide = Grid.useBreakpoint().md ?? true;
  const [drawer, setDrawer] = useState(false);
  useLiveChanges(me.person.id, expired);
  const main = useFocusOnNavigation(() => setDrawer(false));
  return (
    <Layout className="shell">
      <a className="skip" href="#main" onClick={() => main.current?.focus()}>
        {texts.app.skip}
      </a>
      <Layout.Header className="shell-header">
        {wide ? null : (
          <Button
            type="text"
            className="header-button"
            icon={<MenuOutlined aria-hidden />}
            aria-label={texts.app.openMenu}
            onClick={() => setDrawer(true)}
          />
        )}
        <Link to="/todo" className="brand">
          <img src="/favicon.svg" alt="" />
          <span>{me.system_title}</span>
        </Link>
        {me.demo ? <DemoClock today={me.today} /> : null}
        <NoticesBell />
        <AccountMenu me={me} />
      </Layout.Header>
      <OfflineBanner />
      <ActingBanner me={me} />
      <Layout hasSider={wide}>
        {wide ? (
          <Layout.Sider width={208} className="shell-side">
            <MainMenu />
          </Layout.Sider>
        ) : (
          <Drawer
            open={drawer}
            onClose={() => setDrawer(false)}
            placement="left"
            size={280}
            title={texts.app.menu}
            styles={{ body: { padding: 0 } }}
          >
            <MainMenu />
          </Drawer>
        )}
        <main id="main" ref={main} className="shell-content" tabIndex={-1}>
          <div className="shell-main">
            <Outlet />
          </div>
        </main>
      </Layout>
      <SignInAgain open={expired} me={me} />
    </Layout>
  );
}

/** Keeps the stream of changes open for the person who is signed in. */
function useLiveChanges(person: string, expired: boolean): void {
  const client = useQueryClient();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another person needs another stream
  useEffect(() => {
    return expired ? undefined : listen(client, () => setExpired(true));
  }, [client, person, expired]);
}

/** Moves the focus to a new page, so that a keyboard or a screen reader starts at its top. */
function useFocusOnNavigation(onNavigate: () => void) {
  const main = useRef<HTMLElement>(null);
  const pathname = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const before = useRef(pathname);
  const navigated = useRef(onNavigate);
  navigated.current = onNavigate;
  useEffect(() => {
    if (before.current !== undefined && before.current !== pathname) {
      navigated.current();
      main.current?.focus({ preventScroll: true });
    }
    before.current = pathname;
  }, [pathname]);
  return main;
}

/** Short interruptions are not worth a word. */
const PATIENCE_MS = 3_000;

function OfflineBanner() {
  const texts = useMessages();
  const stream = useStream();
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (stream !== "lost") {
      if (stream === "open") {
        setShown(false);
      }
      return undefined;
    }
    const timer = setTimeout(() => setShown(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [stream]);
  return shown ? (
    <div className="banner">
      <Alert banner type="warning" title={texts.app.offline} />
    </div>
  ) : null;
}
