import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useRouter, useSearch } from "@tanstack/react-router";
import { Button, Tabs } from "antd";
import { useEffect } from "react";
import { itemQuery } from "../../api/queries/items";
import { useMe } from "../../api/queries/session";
import type { ItemView } from "../../api/types";
import { instantText } from "../../i18n/format";
import { useMessages } from "../../i18n/language";
import type { Messages } from "../../i18n/zh";
import { Due } from "../../ui/Due";
import { ErrorPanel } from "../../ui/ErrorPanel";
import { Facts, useFacts } from "../../ui/Facts";
import { LightTag } from "../../ui/LightTag";
import { Loading } from "../../ui/Loading";
import { learnItem } from "../../ui/learnItem";
import { PageHeader } from "../../ui/PageHeader";
import { StageBar } from "../../ui/StageBar";
import { Children } from "./Children";
import { History } from "./History";
import { Offers } from "./Offers";
import { OpenTasks } from "./OpenTasks";
import { Reopen } from "./Reopen";
import { WhySeen } from "./WhySeen";

/** One item: where it stands, what is known of it, who works on it, what may be done, what happened. */
export function ItemScreen() {
  const { item: id } = useParams({ from: "/shell/items/$item" });
  const { data: item, error, refetch } = useQuery(itemQuery(id));
  if (error && !item) {
    return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  }
  return item ? <Item key={item.id} item={item} /> : <Loading rows={10} />;
}

function Item({ item }: { item: ItemView }) {
  const texts = useMessages();
  const navigate = useNavigate();
  const { tab = "facts" } = useSearch({ from: "/shell/items/$item" });
  useEffect(() => learnItem(item), [item]);
  return (
    <>
      <PageHeader
        title={item.title}
        windowTitle={item.title}
        above={<Above item={item} />}
        below={<Where item={item} />}
      >
        <Offers item={item} />
        <Reopen item={item} />
        <WhySeen item={item.id} />
      </PageHeader>
      {item.stages.length > 0 ? (
        <div className="panel item-stages">
          <StageBar stages={item.stages} />
        </div>
      ) : null}
      <Tabs
        activeKey={tab}
        onChange={(next) =>
          void navigate({
            to: "/items/$item",
            params: { item: item.id },
            search: next === "facts" ? {} : { tab: next },
            replace: true,
            resetScroll: false,
          })
        }
        items={[
          { key: "facts", label: texts.item.facts, children: <Overview item={item} /> },
          {
            key: "children",
            label: childrenTitle(item, texts),
            children: <Children rows={item.children} />,
          },
          { key: "history", label: texts.item.history, children: <History item={item} /> },
        ]}
      />
    </>
  );
}

/** What lies below the item by its own name where all of it is of one kind. */
function childrenTitle(item: ItemView, texts: Messages): string {
  const kinds = new Set(item.children.map(({ kind_title }) => kind_title));
  const [only] = kinds;
  const title = kinds.size === 1 && only ? only : texts.item.children;
  return item.children.length > 0 ? texts.counted(title, item.children.length) : title;
}

function Above({ item }: { item: ItemView }) {
  const texts = useMessages();
  const router = useRouter();
  // Coming from a list, back leads to the same page, filters and row; a link opened by itself leads to the whole list.
  const canGoBack = router.history.canGoBack();
  return (
    <span className="crumbs">
      {canGoBack ? (
        <Button type="link" className="crumb-back" onClick={() => router.history.back()}>
          ← {texts.app.back}
        </Button>
      ) : null}
      <Link to="/modules/$module/$kind" params={{ module: item.module, kind: item.kind }}>
        {item.module_title} · {item.kind_title}
      </Link>
      {item.parent ? (
        <Link to="/items/$item" params={{ item: item.parent }}>
          {texts.item.up}
        </Link>
      ) : null}
    </span>
  );
}

function Where({ item }: { item: ItemView }) {
  const texts = useMessages();
  const { today } = useMe();
  return (
    <>
      {item.light ? <LightTag light={item.light} /> : <span>{item.state_title}</span>}
      {item.next_due && item.state === "open" ? (
        <span className="inline-due">
          {texts.item.nextDue} <Due due={item.next_due} today={today} />
        </span>
      ) : null}
      {item.due ? (
        <span>
          {texts.item.due} {item.due}
        </span>
      ) : null}
    </>
  );
}

function Overview({ item }: { item: ItemView }) {
  const texts = useMessages();
  const { zone } = useMe();
  const facts = useFacts(item.values);
  const created = [
    { name: "created_at", title: texts.item.createdAt, content: instantText(item.created_at, zone) },
    ...(item.created_by
      ? [{ name: "created_by", title: texts.item.createdBy, content: item.created_by.name }]
      : []),
  ];
  return (
    <div className="two-columns">
      <section className="panel" aria-labelledby="facts">
        <h2 className="panel-title" id="facts">
          {texts.item.facts}
        </h2>
        <Facts facts={[...facts, ...created]} columns={2} />
      </section>
      <section className="panel" aria-labelledby="open-tasks">
        <h2 className="panel-title" id="open-tasks">
          {texts.item.tasks}
        </h2>
        <OpenTasks tasks={item.tasks} />
      </section>
    </div>
  );
}
