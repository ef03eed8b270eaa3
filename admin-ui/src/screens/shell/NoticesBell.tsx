import { BellOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Badge, Button } from "antd";
import { noticesQuery } from "../../api/queries/notices";
import { BADGE_MOST, badgeText } from "../../i18n/format";
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
      aria-label={unread > 0 ? texts.nav.unread(badgeText(unread)) : texts.nav.notices}
      title={texts.nav.notices}
      icon={
        <Badge count={unread} size="small" overflowCount={BADGE_MOST}>
          <BellOutlined aria-hidden />
        </Badge>
      }
      onClick={() => void navigate({ to: "/notices" })}
    />
  );
}
