import { Link } from "@tanstack/react-router";
import { Button, Checkbox, Grid, Pagination, Tag } from "antd";
import { useEffect, useState } from "react";
import type { ImportRow, ImportView, LightView } from "../../api/types";
import { useMessages } from "../../i18n/language";
import { LightTag } from "../../ui/LightTag";
import { goesIn, usual } from "./counted";
import { VerdictTag } from "./VerdictTag";

type Props = {
  view: ImportView;
  /** The lights of the kind, to name those of the rows. */
  lights: readonly LightView[];
  rows: readonly ImportRow[];
  /** Rows of which the reader said otherwise than usual. */
  turned: ReadonlySet<number>;
  /** Absent once the import is committed. */
  onTurn: ((row: number) => void) | undefined;
};

/** Rows on one page of the preview; a sheet may have thousands. */
const SIZE = 100;

/** The sheet as it is, each row with its verdict, each cell with what is wrong in it. */
export function SheetRows(props: Props) {
  const texts = useMessages();
  const wide = Grid.useBreakpoint().md ?? true;
  const [page, setPage] = useState(1);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other rows begin at their first page
  useEffect(() => setPage(1), [props.rows]);
  const rows = props.rows.slice((page - 1) * SIZE, page * SIZE);
  if (rows.length === 0) {
    return <p className="panel muted">{texts.importing.emptyFilter}</p>;
  }
  return (
    <>
      {wide ? <Sheet {...props} rows={rows} /> : <SheetCards {...props} rows={rows} />}
      {props.rows.length > SIZE ? (
        <div className="list-foot">
          <Pagination
            current={page}
            pageSize={SIZE}
            total={props.rows.length}
            showSizeChanger={false}
            onChange={setPage}
          />
        </div>
      ) : null}
    </>
  );
}

function Sheet({ view, lights, rows, turned, onTurn }: Props) {
  const texts = useMessages();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className="sheet" tabIndex={0} aria-label={texts.importing.steps.preview}>
      <table>
        <thead>
          <tr>
            <th scope="col">{texts.importing.row}</th>
            <th scope="col">{texts.importing.verdict}</th>
            {view.columns.map(({ column }) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.row} className={isOut(row) ? "row-dim" : ""}>
              <th scope="row">
                <RowNumber row={row} name={String(row.row)} going={goesIn(row, turned)} onTurn={onTurn} />
              </th>
              <td>
                <VerdictCell
                  row={row}
                  lights={lights}
                  columns={view.columns}
                  going={goesIn(row, turned)}
                  onTurn={onTurn}
                />
              </td>
              {view.columns.map(({ column }) => (
                <td key={column} id={cellId(row, column)} className={`cell ${cellClass(row, column)}`}>
                  <CellContent row={row} column={column} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function SheetCards({ view, lights, rows, turned, onTurn }: Props) {
  const texts = useMessages();
  return (
    <ul className="sheet-cards" aria-label={texts.importing.steps.preview}>
      {rows.map((row) => (
        <li key={row.row} className="card">
          <div className="card-top">
            <strong>
              <RowNumber
                row={row}
                name={texts.importing.rowNumber(row.row)}
                going={goesIn(row, turned)}
                onTurn={onTurn}
              />
            </strong>
          </div>
          <VerdictCell
            row={row}
            lights={lights}
            columns={view.columns}
            going={goesIn(row, turned)}
            onTurn={onTurn}
          />
          <dl className="sheet-card-cells">
            {view.columns
              .filter(({ column }) => cellText(row, column) !== "" || notes(row, column).length > 0)
              .map(({ column }) => (
                <div
                  key={column}
                  id={cellId(row, column)}
                  className={`sheet-card-cell ${cellClass(row, column)}`}
                >
                  <dt className="muted">{column}</dt>
                  <dd className="prose">
                    <CellContent row={row} column={column} />
                  </dd>
                </div>
              ))}
          </dl>
        </li>
      ))}
    </ul>
  );
}

function VerdictCell({
  row,
  lights,
  columns,
  going,
  onTurn,
}: {
  row: ImportRow;
  lights: readonly LightView[];
  columns: ImportView["columns"];
  going: boolean;
  onTurn: Props["onTurn"];
}) {
  const texts = useMessages();
  const light = usual(row.verdict) === true && lights.find(({ colour }) => colour === row.light);
  const elsewhere = row.cells.filter((note) => !columns.some(({ column }) => column === note.column));
  return (
    <>
      <span className="row-verdict">
        <VerdictTag verdict={row.verdict} />
        {row.hidden ? <Tag className="row-hidden">{texts.importing.hidden}</Tag> : null}
        {light ? (
          <span className="row-light" title={texts.importing.lightNow}>
            <LightTag light={light} />
          </span>
        ) : null}
      </span>
      <Other row={row} />
      {row.verdict === "left_out" ? <div className="row-note">{texts.importing.leftOutHint}</div> : null}
      <Remarks notes={elsewhere} />
      <ProblemColumns row={row} columns={columns} />
      {row.verdict === "duplicate" && onTurn ? (
        <Checkbox
          className="row-note"
          checked={going}
          aria-label={texts.importing.acceptLabel(row.row)}
          onChange={() => onTurn(row.row)}
        >
          {texts.importing.accept}
        </Checkbox>
      ) : null}
    </>
  );
}

function cellId(row: ImportRow, column: string): string {
  return `cell-${row.row}-${column}`;
}

/** The columns that keep a row out: the sheet is wide, and their cells may be out of view. */
function ProblemColumns({ row, columns }: { row: ImportRow; columns: ImportView["columns"] }) {
  const texts = useMessages();
  const blocking = columns.filter(({ column }) =>
    notes(row, column).some(({ severity }) => severity !== "warning"),
  );
  if (blocking.length === 0) {
    return null;
  }
  return (
    <div className="row-note">
      {texts.importing.problemsIn}
      {blocking.map(({ column }) => (
        <Button
          key={column}
          type="link"
          size="small"
          className="row-problem"
          onClick={() =>
            document
              .getElementById(cellId(row, column))
              ?.scrollIntoView({ block: "center", inline: "center" })
          }
        >
          {column}
        </Button>
      ))}
    </div>
  );
}

/** A row's number; a row that goes in may be left out here. */
function RowNumber({
  row,
  name,
  going,
  onTurn,
}: {
  row: ImportRow;
  name: string;
  going: boolean;
  onTurn: Props["onTurn"];
}) {
  const texts = useMessages();
  return usual(row.verdict) === true && onTurn ? (
    <Checkbox
      checked={going}
      aria-label={texts.importing.goesInLabel(row.row)}
      onChange={() => onTurn(row.row)}
    >
      {name}
    </Checkbox>
  ) : (
    name
  );
}

/** The row or item that a row is about, besides itself. */
function Other({ row }: { row: ImportRow }) {
  const texts = useMessages();
  if (row.of_item) {
    const said = {
      changed: texts.importing.changedItem,
      unchanged: texts.importing.unchangedItem,
      duplicate: texts.importing.duplicateOfItem,
    } as Partial<Record<ImportRow["verdict"], string>>;
    return (
      <div className="row-note">
        {said[row.verdict] ?? ""}
        <Link to="/items/$item" params={{ item: row.of_item }}>
          {row.of_title ?? texts.importing.openItem}
        </Link>
      </div>
    );
  }
  return row.of_row ? <div className="row-note">{texts.importing.duplicateOfRow(row.of_row)}</div> : null;
}

function isOut({ verdict }: ImportRow): boolean {
  return verdict === "left_out" || verdict === "unchanged";
}

function notes(row: ImportRow, column: string) {
  return row.cells.filter((note) => note.column === column);
}

function cellText(row: ImportRow, column: string): string {
  const value = row.values[column];
  return value === undefined || value === null ? "" : String(value);
}

const WEIGHT = ["error", "question", "warning"] as const;

function cellClass(row: ImportRow, column: string): string {
  const worst = WEIGHT.find((severity) => notes(row, column).some((note) => note.severity === severity));
  return worst ? `cell-${worst}` : "";
}

function CellContent({ row, column }: { row: ImportRow; column: string }) {
  return (
    <>
      {cellText(row, column)}
      <Remarks notes={notes(row, column)} />
    </>
  );
}

function Remarks({ notes: all }: { notes: ImportRow["cells"] }) {
  const texts = useMessages();
  return all.map((note) => (
    <span key={`${note.code} ${note.message}`} className={`remark remark-${note.severity}`}>
      <b>{texts.importing.severity[note.severity]}</b> {note.message}
    </span>
  ));
}
