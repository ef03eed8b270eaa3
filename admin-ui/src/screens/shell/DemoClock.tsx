import { FieldTimeOutlined } from "@ant-design/icons";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button, DatePicker, Grid, Popover } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useState } from "react";
import { errorText } from "../../api/errors";
import { moveClock, useMe } from "../../api/queries/session";
import { dayText, instantText } from "../../i18n/format";
import { useMessages } from "../../i18n/language";

/** Moves the server's clock forwards, in a demo only. */
export function DemoClock({ today }: { today: string }) {
  const texts = useMessages();
  const wide = Grid.useBreakpoint().md ?? true;
  const [open, setOpen] = useState(false);
  return (
    <Popover
      trigger="click"
      open={open}
      onOpenChange={setOpen}
      placement="bottomRight"
      title={texts.clock.title}
      content={<ClockPanel today={today} onMoved={() => setOpen(false)} />}
    >
      <Button
        type="text"
        className="header-button"
        icon={<FieldTimeOutlined aria-hidden />}
        aria-label={texts.clock.label(dayText(today))}
        aria-expanded={open}
      >
        {wide ? dayText(today) : today.slice(5)}
      </Button>
    </Popover>
  );
}

const JUMPS = [1, 3, 7];

function ClockPanel({ today, onMoved }: { today: string; onMoved: () => void }) {
  const texts = useMessages();
  const { zone, now } = useMe();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [day, setDay] = useState<Dayjs | null>(null);
  const move = useMutation({
    mutationFn: moveClock,
    onSuccess: async (clock) => {
      onMoved();
      setDay(null);
      message.success(texts.clock.moved(dayText(clock.today)));
      await client.invalidateQueries();
    },
    onError: (error) => message.error(errorText(error)),
  });
  return (
    <div className="clock-panel">
      <p className="muted">{texts.clock.hint}</p>
      <div className="clock-buttons">
        {JUMPS.map((days) => (
          <Button key={days} loading={move.isPending} onClick={() => move.mutate({ days })}>
            {texts.clock.plus(days)}
          </Button>
        ))}
      </div>
      <div className="clock-buttons">
        <DatePicker
          value={day}
          onChange={setDay}
          aria-label={texts.clock.choose}
          placeholder={texts.clock.choose}
          disabledDate={(date) => !date.isAfter(dayjs(today), "day")}
          className="full"
        />
        <Button
          type="primary"
          disabled={!day}
          loading={move.isPending}
          onClick={() => {
            if (day) {
              // The same time of day, so many days later.
              move.mutate({ days: day.startOf("day").diff(dayjs(today).startOf("day"), "day") });
            }
          }}
        >
          {texts.clock.go}
        </Button>
      </div>
      <p className="muted">{`${instantText(now, zone)} · ${zone}`}</p>
    </div>
  );
}
