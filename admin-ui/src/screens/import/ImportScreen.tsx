import { InboxOutlined } from "@ant-design/icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { Alert, Button, Checkbox, Tag, Upload } from "antd";
import { useState } from "react";
import { ApiError, errorText } from "../../api/errors";
import { uploadImport } from "../../api/queries/imports";
import { keys } from "../../api/queries/keys";
import { moduleQuery } from "../../api/queries/modules";
import type { ModuleKind, ModuleView } from "../../api/types";
import { useMessages } from "../../i18n/language";
import { ErrorPanel, NotFound } from "../../ui/ErrorPanel";
import { Loading } from "../../ui/Loading";
import { PageHeader } from "../../ui/PageHeader";
import { BackToList } from "./BackToList";
import { WizardSteps } from "./WizardSteps";

/** The first half of an import: which categories, and the file. The preview has an address of its own. */
export function ImportScreen() {
  const { module: name, kind: kindName } = useParams({ from: "/shell/modules/$module/$kind/import" });
  const { data: module, error, refetch } = useQuery(moduleQuery(name));
  if (error && !module) {
    return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  }
  if (!module) {
    return <Loading />;
  }
  const kind = module.kinds.find((one) => one.name === kindName);
  return kind?.import && kind.may.import ? <Wizard module={module} kind={kind} /> : <NotFound />;
}

function Wizard({ module, kind }: { module: ModuleView; kind: ModuleKind }) {
  const texts = useMessages();
  const [categories, setCategories] = useState<string[]>([]);
  const [step, setStep] = useState<"categories" | "upload">(
    module.categories.length > 0 ? "categories" : "upload",
  );
  return (
    <>
      <PageHeader
        title={texts.importing.title(kind.title)}
        windowTitle={texts.importing.title(kind.title)}
        above={<BackToList module={module.name} kind={kind.name} title={`${module.title} · ${kind.title}`} />}
      />
      <WizardSteps current={step} />
      <section className="panel">
        {step === "categories" ? (
          <Categories
            options={module.categories}
            value={categories}
            onChange={setCategories}
            onNext={() => setStep("upload")}
          />
        ) : (
          <FileChoice
            module={module.name}
            kind={kind}
            categories={categories}
            onBack={module.categories.length > 0 ? () => setStep("categories") : undefined}
          />
        )}
      </section>
    </>
  );
}

function Categories({
  options,
  value,
  onChange,
  onNext,
}: {
  options: ModuleView["categories"];
  value: string[];
  onChange: (value: string[]) => void;
  onNext: () => void;
}) {
  const texts = useMessages();
  const [missing, setMissing] = useState(false);
  const all = options.map((option) => option.value);
  const invalid = missing && value.length === 0;
  return (
    <>
      <h2 className="panel-title">{texts.importing.categoriesLabel}</h2>
      <p className="muted">{texts.importing.categoriesHint}</p>
      <fieldset className="category-choices" aria-label={texts.importing.categoriesLabel}>
        {options.length > 1 ? (
          <Checkbox
            checked={value.length === all.length}
            indeterminate={value.length > 0 && value.length < all.length}
            onChange={(event) => onChange(event.target.checked ? all : [])}
          >
            {texts.importing.allCategories}
          </Checkbox>
        ) : null}
        {options.map((option) => (
          <Checkbox
            key={option.value}
            checked={value.includes(option.value)}
            onChange={(event) =>
              // In the module's own order, whatever was clicked first.
              onChange(
                all.filter((one) => (one === option.value ? event.target.checked : value.includes(one))),
              )
            }
          >
            {option.title}
          </Checkbox>
        ))}
      </fieldset>
      {invalid ? (
        <p className="form-error summary" role="alert">
          {texts.importing.categoriesMissing}
        </p>
      ) : null}
      <Button type="primary" onClick={() => (value.length > 0 ? onNext() : setMissing(true))}>
        {texts.importing.next}
      </Button>
    </>
  );
}

const ENDINGS = [".xlsx", ".xls", ".csv"];
/** The server's limit of a file, in bytes. */
const LARGEST = 20 * 1024 * 1024;

function FileChoice({
  module,
  kind,
  categories,
  onBack,
}: {
  module: string;
  kind: ModuleKind;
  categories: string[];
  onBack: (() => void) | undefined;
}) {
  const texts = useMessages();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [refused, setRefused] = useState<string>();
  const upload = useMutation({
    mutationFn: (file: File) => uploadImport(module, kind.name, categories, file),
    onSuccess: async (view) => {
      client.setQueryData(keys.importing(view.id), view);
      await navigate({ to: "/imports/$id", params: { id: view.id } });
    },
  });
  const choose = (file: File) => {
    upload.reset();
    const named = ENDINGS.some((ending) => file.name.toLowerCase().endsWith(ending));
    const reason = !named
      ? texts.importing.wrongType
      : file.size > LARGEST
        ? texts.importing.tooBig
        : undefined;
    setRefused(reason);
    if (!reason) {
      upload.mutate(file);
    }
    // The file is sent by us, not by the upload control.
    return false;
  };
  const failure = upload.error;
  return (
    <>
      {refused || failure ? (
        <Alert
          className="summary"
          type="error"
          showIcon
          title={failure instanceof ApiError ? failure.title : texts.importing.unreadable}
          description={refused ?? errorText(failure)}
        />
      ) : null}
      <Upload.Dragger
        accept={ENDINGS.join(",")}
        multiple={false}
        showUploadList={false}
        beforeUpload={choose}
        disabled={upload.isPending}
        aria-label={texts.importing.uploadLabel}
      >
        <p className="empty-icon">
          <InboxOutlined aria-hidden />
        </p>
        <p>{upload.isPending ? texts.importing.uploading : texts.importing.drop}</p>
        <p className="muted">{texts.importing.accepts}</p>
      </Upload.Dragger>
      <Columns kind={kind} />
      {onBack ? (
        <Button onClick={onBack} disabled={upload.isPending}>
          {texts.importing.previous}
        </Button>
      ) : null}
    </>
  );
}

function Columns({ kind }: { kind: ModuleKind }) {
  const texts = useMessages();
  return (
    <div className="upload-needs">
      <p className="muted">{texts.importing.columns}</p>
      <div className="upload-columns">
        {kind.import?.columns.map(({ header, required }) => (
          <Tag key={header} color={required ? "blue" : "default"}>
            {header}
            {required ? ` · ${texts.importing.requiredColumn}` : ""}
          </Tag>
        ))}
      </div>
    </div>
  );
}
