//! `docket bpmn`: workflows from BPMN 2.0 XML, and BPMN 2.0 XML from workflows.

use std::{
    io::Read as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use docket_bpmn::{Error, Fate, MAX_BYTES, Report, Yaml, export, read};
use docket_engine::text::{Language, Text};
use encoding_rs::{Encoding, UTF_8};
use serde_json::{Value as Json, json};

use super::output::{self, Stop};
use crate::app::definitions;

/// Exchange workflows with other modellers as BPMN 2.0 XML.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Bpmn {
    Import(Import),
    Export(Export),
}

const IMPORT: &str = "Example:
  docket bpmn import order.bpmn
  docket bpmn import order.bpmn --out workflows/
  docket bpmn import order.bpmn --json

Without --out the workflows are printed, the report above them as comments.
Exit codes: 0 the file was read, also where not everything is carried over; 1 the file as a whole is refused; 2 Docket or the machine failed.";

/// Turn a BPMN 2.0 file into workflows, and say of each of its elements what became of it.
#[derive(Debug, clap::Args)]
#[command(after_help = IMPORT)]
pub(super) struct Import {
    /// The BPMN 2.0 file.
    file: PathBuf,
    /// Writes each workflow to a file of its own in this folder, and prints the report.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Prints workflows and report as JSON.
    #[arg(long)]
    json: bool,
}

const EXPORT: &str = "Example:
  docket bpmn export WORKFLOW --config . --out workflow.bpmn
  docket bpmn export workflows/approval.yaml

Exit codes: 0 exported; 1 there is no such workflow, or it can not be read; 2 Docket or the machine failed.";

/// Write a workflow as BPMN 2.0 XML with its drawing.
#[derive(Debug, clap::Args)]
#[command(after_help = EXPORT)]
pub(super) struct Export {
    /// A workflow's name, or a YAML file with one workflow.
    workflow: String,
    /// The folder of definitions in which the name is looked for.
    #[arg(long, value_name = "DIR", default_value = ".")]
    config: PathBuf,
    /// Writes to this file instead of printing.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Bpmn {
    /// Runs the command.
    #[must_use]
    pub(super) fn run(self) -> ExitCode {
        let language = output::language();
        match self {
            Self::Import(import) => output::run(import.json, language, async move { import.import(language) }),
            Self::Export(export) => output::run(false, language, async move { export.export() }),
        }
    }
}

impl Import {
    fn import(&self, language: Language) -> Result<String, Stop> {
        let text = decode(&bytes(&self.file)?)?;
        let report = read(&text).map_err(|error| refused(&error, language))?;
        if let Some(folder) = &self.out {
            write_all(folder, &report)?;
        }
        if self.json {
            return Ok(output::pretty(&as_json(&report, language)));
        }
        let rendered = report.render(language);
        if self.out.is_some() {
            return Ok(rendered);
        }
        let comments: Vec<String> = rendered.lines().map(|line| format!("# {line}\n")).collect();
        let comments = comments.concat();
        let documents: Vec<&str> = report.workflows.iter().map(|workflow| workflow.yaml.as_str()).collect();
        Ok(format!("{comments}{}", documents.join("---\n")))
    }
}

impl Export {
    fn export(&self) -> Result<String, Stop> {
        let documents = self.documents()?;
        let [document] = documents.as_slice() else {
            return Err(self.not_one(documents.len()));
        };
        let xml = export(&document.write()).map_err(|error| refused(&error, output::language()))?;
        match &self.out {
            None => Ok(xml),
            Some(file) => {
                std::fs::write(file, xml).map_err(|error| Stop::failed(format!("{}: {error}", file.display())))?;
                Ok(String::new())
            }
        }
    }

    /// The workflows that are meant: those of a file, or those of that name in the folder.
    fn documents(&self) -> Result<Vec<Yaml>, Stop> {
        let file = Path::new(&self.workflow);
        if file.is_file() {
            let text = String::from_utf8_lossy(&bytes(file)?).into_owned();
            return workflows(&text, &self.workflow);
        }
        let mut found = Vec::new();
        for file in definitions::read_folder(&self.config).map_err(Stop::failed)? {
            // A file with faults of its own is none of ours unless it is the one that is meant.
            if file.text.contains(&self.workflow) {
                found.extend(workflows(&file.text, &file.path)?);
            }
        }
        found.retain(|document| document.text_of("workflow") == Some(self.workflow.as_str()));
        Ok(found)
    }

    fn not_one(&self, count: usize) -> Stop {
        let (name, folder) = (&self.workflow, self.config.display());
        let text = match count {
            0 => Text::new(
                format!("没有名为 `{name}` 的流程文件，`{folder}` 里也没有这个流程"),
                format!("there is no file `{name}`, and no workflow of that name in `{folder}`"),
            ),
            _ => Text::new(
                format!("`{name}` 有 {count} 个流程；请写流程的名称"),
                format!("`{name}` has {count} workflows; write the name of one"),
            ),
        };
        Stop::refused("not-one-workflow", text)
    }
}

/// The workflows of a YAML text.
fn workflows(text: &str, path: &str) -> Result<Vec<Yaml>, Stop> {
    let documents = Yaml::read(text).map_err(|faults| {
        let first = faults.first().map(|fault| (fault.place.start().line, fault.message.clone()));
        let (line, message) = first.unwrap_or_default();
        Stop::refused(
            "faults",
            Text::new(format!("{path}:{line}: {}", message.zh), format!("{path}:{line}: {}", message.en)),
        )
    })?;
    let is_workflow = |document: &Yaml| document.entries().first().is_some_and(|first| first.key == "workflow");
    Ok(documents.into_iter().filter(is_workflow).collect())
}

/// The bytes of a file, as many as are read at all and one more.
fn bytes(path: &Path) -> Result<Vec<u8>, Stop> {
    let failed = |error: std::io::Error| Stop::failed(format!("{}: {error}", path.display()));
    let mut bytes = Vec::new();
    let most = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    std::fs::File::open(path).map_err(failed)?.take(most).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

/// The text of an XML file, by its byte order mark, else by the encoding that it declares, else UTF-8.
fn decode(bytes: &[u8]) -> Result<String, Stop> {
    let encoding = Encoding::for_bom(bytes).map(|(encoding, _)| encoding).or_else(|| declared(bytes)).unwrap_or(UTF_8);
    let (text, encoding, damaged) = encoding.decode(bytes);
    if damaged {
        let name = encoding.name();
        return Err(Stop::refused(
            "encoding",
            Text::new(
                format!("文件的字节不是它声明的编码 {name}；请另存为 UTF-8"),
                format!("the bytes of the file are not the {name} that it declares; save it as UTF-8"),
            ),
        ));
    }
    Ok(text.into_owned())
}

/// The encoding in `<?xml … encoding="…"?>`.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(200))?;
    let head: String = head.iter().map(|byte| char::from(*byte)).collect();
    let head = head.trim_start().strip_prefix("<?xml")?.split_once("?>")?.0.to_owned();
    let value = head.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    Encoding::for_label(value.get(1..)?.split(quote).next()?.as_bytes())
}

/// Writes each workflow to a file of its own; none that is there already.
fn write_all(folder: &Path, report: &Report) -> Result<(), Stop> {
    let files: Vec<(PathBuf, &str)> =
        report.workflows.iter().map(|made| (folder.join(file_name(&made.name)), made.yaml.as_str())).collect();
    for (path, yaml) in &files {
        if std::fs::read_to_string(path).is_ok_and(|there| there != *yaml) {
            let path = path.display();
            return Err(Stop::refused(
                "file-exists",
                Text::new(
                    format!("`{path}` 已经有了，内容不同；请移走它或换一个文件夹，什么也没有写"),
                    format!(
                        "`{path}` is there already and differs; move it or take another folder, nothing was written"
                    ),
                ),
            ));
        }
    }
    let failed = |path: &Path, error: &std::io::Error| Stop::failed(format!("{}: {error}", path.display()));
    std::fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
    for (path, yaml) in &files {
        std::fs::write(path, yaml).map_err(|error| failed(path, &error))?;
    }
    Ok(())
}

/// The file for a workflow: its name may come from the file that was read, and never leads out of the folder.
fn file_name(name: &str) -> String {
    let safe: String =
        name.chars().map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_') { c } else { '-' }).collect();
    format!("{safe}.yaml")
}

fn as_json(report: &Report, language: Language) -> Json {
    let workflows = report.workflows.iter().map(|made| {
        json!({"name": made.name, "line": made.line, "loads": made.loads, "file": file_name(&made.name), "yaml": made.yaml})
    });
    let entries = report.entries.iter().map(|entry| {
        json!({"line": entry.line, "element": entry.element, "id": entry.id, "name": entry.name, "fate": entry.fate.code(), "text": entry.text.get(language)})
    });
    let counts = Fate::ALL.iter().zip(report.counts()).map(|(fate, count)| (fate.code().to_owned(), json!(count)));
    json!({
        "workflows": workflows.collect::<Vec<_>>(),
        "entries": entries.collect::<Vec<_>>(),
        "counts": Json::Object(counts.collect()),
    })
}

/// Why a file is refused as a whole.
fn refused(error: &Error, language: Language) -> Stop {
    let problems = error
        .problems
        .iter()
        .map(|problem| json!({"code": problem.code, "line": problem.line, "message": problem.message.get(language)}));
    Stop::Refused {
        code: error.problems.first().map_or("refused", |problem| problem.code).to_owned(),
        message: Box::new(Text::new(error.render(Language::Zh).trim_end(), error.render(Language::En).trim_end())),
        report: Some(Box::new(json!({"refused": problems.collect::<Vec<_>>()}))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_in_the_encoding_that_it_declares() {
        assert_eq!(decode("<a>审核</a>".as_bytes()).ok().as_deref(), Some("<a>审核</a>"));
        let latin = b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>\xe9</a>";
        assert!(decode(latin).is_ok_and(|text| text.ends_with("<a>é</a>")));
        let gbk = b"<?xml version='1.0' encoding='GBK'?><a>\xc9\xf3\xba\xcb</a>";
        assert!(decode(gbk).is_ok_and(|text| text.ends_with("<a>审核</a>")));
        let wide: Vec<u8> = "\u{feff}<a>审</a>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&wide).ok().as_deref(), Some("<a>审</a>"));
        assert!(decode(b"<a>\xff</a>").is_err());
    }

    #[test]
    fn a_name_never_leads_out_of_the_folder() {
        assert_eq!(file_name("../../etc/passwd"), "------etc-passwd.yaml");
        assert_eq!(file_name("科长-审核"), "科长-审核.yaml");
    }
}
