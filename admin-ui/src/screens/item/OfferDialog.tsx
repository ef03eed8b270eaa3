import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button, Drawer, Modal } from "antd";
import { type ReactNode, useRef, useState } from "react";
import { ApiError, errorText } from "../../api/errors";
import { CommandKey } from "../../api/idempotency";
import { takeOffer } from "../../api/queries/items";
import { keys } from "../../api/queries/keys";
import type { FormView, ItemView, OfferView } from "../../api/types";
import { SchemaForm } from "../../forms/SchemaForm";
import { type FormState, fieldProblems, useFormState } from "../../forms/useFormState";
import { useMessages } from "../../i18n/language";
import { CommentField } from "../../ui/CommentField";
import { isDangerous } from "./danger";

const NO_FORM: FormView = { name: "", version: "", title: "", schema: { type: "object" }, fields: [] };
/** From this many fields on, a drawer has more room than a dialog. */
const MANY = 4;

/** Takes an offer: its form and comment, and for one that ends, cancels or pauses, what that does. */
export function OfferDialog({
  item,
  offer,
  onClose,
}: {
  item: ItemView;
  offer: OfferView;
  onClose: () => void;
}) {
  const texts = useMessages();
  const state = useFormState(offer.form ?? NO_FORM, offer.data);
  const [comment, setComment] = useState("");
  const [missing, setMissing] = useState(false);
  const take = useTake(item, offer, state, onClose);
  const send = () => {
    const commented = !offer.requires_comment || comment.trim() !== "";
    setMissing(!commented);
    if (state.check() && commented) {
      take.mutate(comment);
    }
  };
  const warns = offer.effect !== "goes_on";
  const general = fieldProblems(take.error).filter(({ field }) => field === "");
  const body = (
    <>
      {warns ? (
        <Alert
          className="summary"
          type="warning"
          showIcon
          title={texts.item.confirmEffect(offer.title, item.title, item.tasks.length)}
        />
      ) : null}
      {take.error &&
      !(take.error instanceof ApiError && take.error.problems.length > 0 && general.length === 0) ? (
        <Alert className="summary" type="error" showIcon title={errorText(take.error)} />
      ) : null}
      {offer.form ? <SchemaForm state={state} /> : null}
      {offer.requires_comment ? (
        <CommentField
          required
          problem={missing ? texts.task.commentMissing(offer.title) : undefined}
          value={comment}
          onChange={setComment}
        />
      ) : null}
      {offer.form || warns || offer.requires_comment ? null : (
        <p>{texts.item.confirmEffect(offer.title, item.title, 0)}</p>
      )}
    </>
  );
  const { modal } = App.useApp();
  const close = () => {
    if (comment === "" && JSON.stringify(state.data) === JSON.stringify(offer.data)) {
      onClose();
      return;
    }
    modal.confirm({
      title: texts.item.discardTitle,
      okText: texts.item.discard,
      cancelText: texts.item.keepEditing,
      okButtonProps: { danger: true },
      onOk: onClose,
    });
  };
  return (
    <Frame offer={offer} pending={take.isPending} onClose={close} onSend={send}>
      {body}
    </Frame>
  );
}

function useTake(item: ItemView, offer: OfferView, state: FormState, onClose: () => void) {
  const texts = useMessages();
  const client = useQueryClient();
  const { message } = App.useApp();
  const key = useRef(new CommandKey());
  return useMutation({
    mutationFn: (comment: string) => {
      const body = {
        form: offer.form ? state.values : {},
        ...(comment.trim() === "" ? {} : { comment: comment.trim() }),
      };
      return takeOffer(item.id, offer, key.current.for(body), body);
    },
    onSuccess: (after) => {
      key.current.settle();
      message.success(texts.item.taken(offer.title));
      client.setQueryData(keys.item(item.id), after);
      void client.invalidateQueries();
      onClose();
    },
    onError: (error) => {
      if (error instanceof ApiError) {
        key.current.settle();
        state.refuse(fieldProblems(error).filter(({ field }) => field !== ""));
      }
    },
  });
}

function Frame({
  offer,
  pending,
  onClose,
  onSend,
  children,
}: {
  offer: OfferView;
  pending: boolean;
  onClose: () => void;
  onSend: () => void;
  children: ReactNode;
}) {
  const texts = useMessages();
  const title = offer.form?.title ?? texts.item.confirmTitle(offer.title);
  const submit = (
    <Button type="primary" danger={isDangerous(offer)} loading={pending} onClick={onSend}>
      {offer.title}
    </Button>
  );
  const cancel = <Button onClick={onClose}>{texts.app.cancel}</Button>;
  // A click beside it would lose what was typed: only its buttons close it.
  return (offer.form?.fields.length ?? 0) >= MANY ? (
    <Drawer
      open
      title={title}
      size="min(640px, 100vw)"
      mask={{ closable: false }}
      onClose={onClose}
      footer={
        <div className="drawer-foot">
          {cancel}
          {submit}
        </div>
      }
    >
      {children}
    </Drawer>
  ) : (
    <Modal
      open
      title={title}
      mask={{ closable: false }}
      onCancel={onClose}
      footer={[
        <span key="cancel">{cancel}</span>,
        <span key="submit" className="modal-submit">
          {submit}
        </span>,
      ]}
    >
      {children}
    </Modal>
  );
}
