import { Pagination } from "antd";
import { MAX_DEPTH } from "./search";

/** The numbers of the pages below a plain list; nothing where one page holds it. */
export function Pager({
  page,
  size,
  total,
  onChange,
}: {
  page: number;
  size: number;
  total: number;
  onChange: (page: number) => void;
}) {
  return total > size ? (
    <Pagination
      className="list-foot"
      current={page}
      pageSize={size}
      // Numbers beyond the deepest page would lead nowhere.
      total={Math.min(total, MAX_DEPTH)}
      showSizeChanger={false}
      onChange={onChange}
    />
  ) : null;
}
