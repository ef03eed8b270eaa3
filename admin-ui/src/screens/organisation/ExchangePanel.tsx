import { DownloadOutlined, UploadOutlined } from "@ant-design/icons";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button, Tag, Upload } from "antd";
import { useState } from "react";
import { errorText } from "../../api/errors";
import { keys } from "../../api/queries/keys";
import { exportOrganisation, importOrganisation } from "../../api/queries/organisation";
import type { OrgImportView } from "../../api/types";
import { useMessages } from "../../i18n/language";
import { save } from "../../ui/save";

/** The organisation as a workbook: out, and in again after a look at what it changes. */
export function ExchangePanel() {
  const texts = useMessages();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [file, setFile] = useState<File>();
  const exporting = useMutation({
    mutationFn: exportOrganisation,
    onSuccess: ({ blob, name }) => save(blob, name),
    onError: (failure) => message.error(errorText(failure)),
  });
  const preview = useMutation({ mutationFn: (chosen: File) => importOrganisation(chosen) });
  const importing = useMutation({
    mutationFn: ({ chosen, generation }: { chosen: File; generation: string }) =>
      importOrganisation(chosen, generation),
    onSuccess: async (view) => {
      if (view.imported) {
        preview.reset();
        setFile(undefined);
        await client.invalidateQueries({ queryKey: keys.org() });
        message.success(texts.organisation.imported);
      }
    },
    onError: (failure) => message.error(errorText(failure)),
  });
  const seen = preview.data;
  return (
    <section className="panel">
      <div className="console-filters">
        <Button
          icon={<DownloadOutlined aria-hidden />}
          loading={exporting.isPending}
          onClick={() => exporting.mutate()}
        >
          {texts.organisation.export}
        </Button>
        <Upload
          accept=".xlsx,.xls"
          showUploadList={false}
          beforeUpload={(chosen) => {
            setFile(chosen);
            preview.mutate(chosen);
            return false;
          }}
        >
          <Button type="primary" icon={<UploadOutlined aria-hidden />} loading={preview.isPending}>
            {texts.organisation.choose}
          </Button>
        </Upload>
      </div>
      <p className="muted">{texts.organisation.exportHint}</p>
      {preview.error ? (
        <Alert className="summary" type="error" showIcon title={errorText(preview.error)} />
      ) : null}
      {seen && file ? (
        <Preview
          view={seen}
          name={file.name}
          busy={importing.isPending}
          onImport={() => importing.mutate({ chosen: file, generation: seen.generation })}
        />
      ) : null}
    </section>
  );
}

function Preview({
  view,
  name,
  busy,
  onImport,
}: {
  view: OrgImportView;
  name: string;
  busy: boolean;
  onImport: () => void;
}) {
  const texts = useMessages();
  const { counts } = view;
  const nothing = counts.new + counts.changed + counts.refused === 0;
  return (
    <>
      <h2 className="panel-title">
        {texts.organisation.previewTitle} <span className="muted">{name}</span>
      </h2>
      <Alert
        className="summary"
        showIcon
        type={counts.refused > 0 ? "error" : "info"}
        title={texts.organisation.counts(counts.new, counts.changed, counts.unchanged, counts.refused)}
        description={
          counts.refused > 0
            ? texts.organisation.refusedHint
            : nothing
              ? texts.organisation.nothing
              : undefined
        }
        action={
          counts.refused > 0 || nothing ? undefined : (
            <Button type="primary" loading={busy} onClick={onImport}>
              {texts.organisation.import}
            </Button>
          )
        }
      />
      <ul className="setting-list" aria-label={texts.organisation.previewTitle}>
        {view.rows.map((row) => (
          <li key={`${row.sheet} ${row.row}`}>
            <Tag color={row.verdict === "refused" ? "red" : row.verdict === "new" ? "green" : "blue"}>
              {texts.organisation.verdicts[row.verdict]}
            </Tag>
            <span className="setting-name">
              {row.name}
              <span className="row-meta">{texts.organisation.row(row.sheet, row.row)}</span>
              {row.cells.map((cell) => (
                <span className="row-meta" key={`${cell.column} ${cell.code}`}>
                  {cell.column ? `${cell.column}${texts.colon}` : ""}
                  {cell.message}
                </span>
              ))}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
