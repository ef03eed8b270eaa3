//! Names that are spelt alike, for «did you mean».

/// How many similar names a message offers.
const SUGGESTIONS: usize = 3;
/// The longest name that is compared, in characters.
const LONGEST: usize = 40;

/// The candidates nearest to `wanted`, best first, each once: those that a few slips of the pen away, or that contain it.
#[must_use]
pub(super) fn nearest<'a>(wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted: Vec<char> = wanted.to_lowercase().chars().collect();
    if wanted.is_empty() || wanted.len() > LONGEST {
        return Vec::new();
    }
    let mut found: Vec<(usize, &str)> = Vec::new();
    for candidate in candidates {
        let chars: Vec<char> = candidate.to_lowercase().chars().take(LONGEST).collect();
        let slips = distance(&wanted, &chars);
        let near = slips <= wanted.len().max(chars.len()) / 3 || (wanted.len() > 1 && has(&chars, &wanted));
        if near && !found.iter().any(|(_, one)| *one == candidate) {
            found.push((slips, candidate));
        }
    }
    found.sort_by_key(|(slips, _)| *slips);
    found.into_iter().take(SUGGESTIONS).map(|(_, candidate)| candidate).collect()
}

fn has(text: &[char], part: &[char]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// Characters to insert, delete or replace.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut line: Vec<usize> = (0..=b.len()).collect();
    for (row, x) in a.iter().enumerate() {
        let mut diagonal = row;
        let mut left = row + 1;
        for (y, cell) in b.iter().zip(line.iter_mut().skip(1)) {
            let edits = (left + 1).min(*cell + 1).min(diagonal + usize::from(x != y));
            diagonal = *cell;
            *cell = edits;
            left = edits;
        }
        if let Some(first) = line.first_mut() {
            *first = row + 1;
        }
    }
    line.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_spelt_alike_are_found() {
        let names = ["经济信息委", "经信委", "应急局", "水利局", "水利局执法支队", "住房城乡建委"];
        assert_eq!(nearest("经信委员", names), ["经信委"]);
        assert_eq!(nearest("住房城乡建设委", names), ["住房城乡建委"]);
        assert_eq!(nearest("水利", names), ["水利局", "水利局执法支队"]);
        assert_eq!(nearest("数据局", names), [""; 0]);
        assert_eq!(nearest("", names), [""; 0]);
    }

    #[test]
    fn distances_are_exact() {
        for (a, b, edits) in
            [("", "abc", 3), ("kitten", "sitting", 3), ("abc", "", 3), ("ab", "ba", 2), ("水", "水", 0)]
        {
            let chars = |text: &str| text.chars().collect::<Vec<_>>();
            assert_eq!(distance(&chars(a), &chars(b)), edits, "{a} {b}");
        }
    }
}
