import { FileUnknownOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { Button, Result } from "antd";
import { ApiError, errorText, isNotFound } from "../api/errors";
import { useMessages } from "../i18n/language";
import { useTitle } from "./useTitle";

/** Why something could not be shown, and what to do about it. */
export function ErrorPanel({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const texts = useMessages();
  if (isNotFound(error)) {
    return <NotFound detail={errorText(error)} />;
  }
  return (
    <div role="alert">
      <Result
        status="warning"
        title={error instanceof ApiError ? error.title : texts.error.title}
        subTitle={errorText(error)}
        extra={
          <>
            {onRetry ? (
              <Button type="primary" onClick={onRetry}>
                {texts.app.retry}
              </Button>
            ) : null}
            <Link to="/todo">
              <Button>{texts.error.home}</Button>
            </Link>
          </>
        }
      >
        {error instanceof ApiError ? <p className="muted centred">{texts.error.code(error.code)}</p> : null}
      </Result>
    </div>
  );
}

/** There is no such page, or it is not for the reader to see. */
export function NotFound({ detail }: { detail?: string }) {
  const texts = useMessages();
  useTitle(texts.error.notFound);
  return (
    <Result
      icon={<FileUnknownOutlined className="empty-icon" aria-hidden />}
      title={<h1 className="result-title">{texts.error.notFound}</h1>}
      subTitle={detail ?? texts.error.notFoundHint}
      extra={
        <Link to="/todo">
          <Button type="primary">{texts.error.home}</Button>
        </Link>
      }
    />
  );
}
