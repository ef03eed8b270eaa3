import { Button, Popconfirm } from "antd";
import { useEffect, useState } from "react";
import { errorText } from "../../api/errors";
import { useMessages } from "../../i18n/language";
import { useOperate } from "./useOperate";

/** Minutes and seconds, as on a clock. */
export function countdown(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Seconds left of those that the server told when the page was loaded; its clock counts, so this one only counts down. */
function useSecondsLeft(seconds: number): number {
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    const began = performance.now();
    const tick = () => setLeft(Math.max(0, seconds - Math.floor((performance.now() - began) / 1000)));
    tick();
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, [seconds]);
  return left;
}

/** Taking back what one has completed, as long as that is possible. */
export function Withdraw({ task, seconds }: { task: string; seconds: number }) {
  const texts = useMessages();
  const left = useSecondsLeft(seconds);
  const operate = useOperate(task, () => undefined);
  if (left === 0) {
    return null;
  }
  return (
    <div className="withdraw">
      <Popconfirm
        title={texts.operations.name.withdraw}
        description={texts.operations.hint.withdraw}
        okText={texts.operations.name.withdraw}
        onConfirm={() => operate.mutate({ kind: "withdraw" })}
      >
        <Button loading={operate.isPending}>{texts.operations.name.withdraw}</Button>
      </Popconfirm>
      <span className="row-meta">{texts.operations.withdrawLeft(countdown(left))}</span>
      {operate.error ? (
        <span className="form-error" role="alert">
          {errorText(operate.error)}
        </span>
      ) : null}
    </div>
  );
}
