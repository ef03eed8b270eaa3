import { Alert } from "antd";
import { ApiError, errorText } from "../../api/errors";

/** Why a step of signing in failed; a locked account says until when, in the reader's own clock. */
export function StepFailure({ error }: { error: unknown }) {
  return (
    <Alert
      className="summary"
      type="error"
      showIcon
      title={error instanceof ApiError ? error.title : undefined}
      description={errorText(error)}
    />
  );
}
