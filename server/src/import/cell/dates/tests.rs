use jiff::civil::date;

use super::*;

fn reading(cell: &Cell) -> Reading {
    let open_ended = ["长期坚持".to_owned(), "常态化".to_owned()];
    read(cell, Calendar { today: date(2026, 11, 25), from_1904: false, open_ended: &open_ended })
}

fn of_text(text: &str) -> Reading {
    reading(&Cell::Text(text.to_owned()))
}

fn codes(reading: &Reading) -> Vec<&'static str> {
    reading.remarks.iter().map(|remark| remark.code).collect()
}

#[test]
fn dates_read_as_people_write_them() {
    for (text, year, month, day) in [
        ("2026.11.30", 2026, 11, 30),
        ("2026/12/15", 2026, 12, 15),
        ("2026-12-20", 2026, 12, 20),
        ("2026-12-20 00:00:00", 2026, 12, 20),
        ("2026-12-20T00:00:00", 2026, 12, 20),
        ("2024.6.30", 2024, 6, 30),
        ("２０２６年１１月１５日", 2026, 11, 15),
        ("2026年11月15日前", 2026, 11, 15),
        ("2026 年 11 月 15 号", 2026, 11, 15),
        ("二〇二六年十一月十五日", 2026, 11, 15),
        ("2026年二月二十八日", 2026, 2, 28),
        ("2026年12月底前", 2026, 12, 31),
        ("2026年8月底前完成", 2026, 8, 31),
        ("2028年2月末", 2028, 2, 29),
        ("2026年6月中旬", 2026, 6, 20),
        ("2026年四季度", 2026, 12, 31),
        ("2026年第1季度末", 2026, 3, 31),
        ("2026年上半年", 2026, 6, 30),
        ("2026年底前", 2026, 12, 31),
        ("2026年年底", 2026, 12, 31),
        ("2026年全年", 2026, 12, 31),
    ] {
        let reading = of_text(text);
        assert_eq!(reading.value, Value::Date(date(year, month, day)), "{text}: {:?}", reading.remarks);
        assert_eq!(codes(&reading), [""; 0], "{text}");
    }
}

#[test]
fn what_names_no_day_is_the_last_one_and_said_so() {
    for (text, year, month, day) in [
        ("2026.12", 2026, 12, 31),
        ("2026.1", 2026, 1, 31),
        ("2026年2月", 2026, 2, 28),
        ("2026年", 2026, 12, 31),
        ("2026", 2026, 12, 31),
    ] {
        let reading = of_text(text);
        assert_eq!((&reading.value, codes(&reading)), (&Value::Date(date(year, month, day)), vec!["date-without-day"]));
    }
}

#[test]
fn numbers_are_serials_compact_dates_or_months() {
    for (number, month, day, code) in
        [(46_387.0, 12, 31, "serial-date"), (2026.12, 12, 31, "date-without-day"), (2026.2, 2, 28, "date-without-day")]
    {
        let reading = reading(&Cell::Number(number));
        assert_eq!((&reading.value, codes(&reading)), (&Value::Date(date(2026, month, day)), vec![code]), "{number}");
    }
    assert_eq!(reading(&Cell::Number(20_261_231.0)).value, Value::Date(date(2026, 12, 31)));
    assert_eq!(of_text("46387").value, Value::Date(date(2026, 12, 31)));
    let calendar = Calendar { today: date(2026, 11, 25), from_1904: true, open_ended: &[] };
    assert_eq!(read(&Cell::Number(44_925.0), calendar).value, Value::Date(date(2026, 12, 31)));
}

#[test]
fn what_may_mean_two_dates_is_a_question_with_both() {
    for (cell, proposed) in [
        (Cell::Number(2024.1), [date(2024, 1, 31), date(2024, 10, 31)]),
        (Cell::Text("2026年12月前".into()), [date(2026, 11, 30), date(2026, 12, 31)]),
    ] {
        let reading = reading(&cell);
        assert_eq!((&reading.value, codes(&reading)), (&Value::Null, vec!["ambiguous-date"]));
        assert_eq!(reading.proposed, proposed.map(Value::Date));
    }
    assert_eq!(codes(&of_text("2026年6月30日、2026年12月31日")), ["several-dates"]);
}

#[test]
fn a_date_without_a_year_is_refused_with_a_proposal() {
    for (text, year, month, day) in [
        ("12月底前", 2026, 12, 31),
        ("3月底", 2027, 3, 31),
        ("四季度", 2026, 12, 31),
        ("12月31日", 2026, 12, 31),
        ("年底前", 2026, 12, 31),
        ("十二月", 2026, 12, 31),
    ] {
        let reading = of_text(text);
        assert_eq!((&reading.value, codes(&reading)), (&Value::Null, vec!["no-year"]), "{text}");
        assert_eq!(reading.proposed, [Value::Date(date(year, month, day))], "{text}");
    }
}

#[test]
fn words_that_mean_no_date_are_kept() {
    for text in ["长期坚持", "常态化推进"] {
        let reading = of_text(text);
        assert_eq!((&reading.value, codes(&reading)), (&Value::Null, vec!["open-ended"]), "{text}");
        assert_eq!(reading.kept.as_deref(), Some(text));
    }
    let reading = of_text("每月推进，2026年12月底前");
    assert_eq!((&reading.value, codes(&reading)), (&Value::Date(date(2026, 12, 31)), vec!["date-with-text"]));
    assert_eq!(reading.kept.as_deref(), Some("每月推进,2026年12月底前"));
}

#[test]
fn what_is_no_date_is_refused() {
    for (text, code) in [
        ("2026-02-30", "impossible-date"),
        ("2026.13.1", "impossible-date"),
        ("2026年2月30日", "impossible-date"),
        ("尽快", "not-a-date"),
        ("12.31", "not-a-date"),
        ("5", "not-a-date"),
        ("0", "not-a-date"),
        ("20269999", "impossible-date"),
    ] {
        let reading = of_text(text);
        assert_eq!((&reading.value, codes(&reading)), (&Value::Null, vec![code]), "{text}");
    }
    assert_eq!(codes(&reading(&Cell::Bool(true))), ["not-a-date"]);
    assert_eq!(codes(&reading(&Cell::Date(date(1905, 7, 16)))), ["year-out-of-range"]);
}
