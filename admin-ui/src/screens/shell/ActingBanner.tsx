import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Alert, App, Button } from "antd";
import { errorText } from "../../api/errors";
import { actFor } from "../../api/queries/acting";
import type { Me } from "../../api/types";
import { useMessages } from "../../i18n/language";

/** In whose name the reader acts, on every page, with the way back. */
export function ActingBanner({ me }: { me: Me }) {
  const texts = useMessages();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const back = useMutation({
    mutationFn: async () => {
      await navigate({ to: "/todo" });
      return actFor(client, undefined);
    },
    onError: (error) => message.error(errorText(error)),
  });
  if (!me.through) {
    return null;
  }
  return (
    <div className="banner">
      <Alert
        banner
        type="warning"
        title={texts.acting.banner(me.person.name)}
        action={
          <Button size="small" loading={back.isPending} onClick={() => back.mutate()}>
            {texts.acting.backTo(me.through.name)}
          </Button>
        }
      />
    </div>
  );
}
