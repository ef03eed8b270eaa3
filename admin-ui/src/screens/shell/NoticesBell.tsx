import { BellOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Badge, Button } from "antd";
import { noticesQuery } from "../../api/queries/notices";
import { useMessages } from "../../i18n/language";

/** How many notices are not read; opens them. */
export function NoticesBell() {
  const texts = useMessages();
  const navigate = useNavigate();
  const { data } = useQuery({ ...noticesQuery(1), refetchInterval: 120_000 });
  const unread = data?.unread ?? 0;
  return (
    <Button
      type="text"
      className="header-button"
      aria-label={texts.nav.unread(unread)}
      title={texts.nav.notices}
      icon={
        <Badge count={unread} size="small" overflowCount={99}>
          <BellOutlined />
        </Badge>
      }
      onClick={() => void navigate({ to: "/notices" })}
    />
  );
}
