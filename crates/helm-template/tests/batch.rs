//! Lines that are no requests, or odd ones, are answered as `oracle/helm` answers them.

use helm_template::batch::{Answer, Batch, Request};

/// Lines and what `oracle/helm` made of them.
const LINES: &[(&str, &str)] = &[
    (
        r#"{"template":1}"#,
        r#"{"error":"request: json: cannot unmarshal number into Go struct field request.template of type string"}"#,
    ),
    (r#"{"template":"a","mode":"zzz","data":{"a":1}}"#, r#"{"output":"a"}"#),
    ("[1]", r#"{"error":"request: json: cannot unmarshal array into Go value of type main.request"}"#),
    ("null", r#"{"output":""}"#),
    (r#"{"template":"x{{.}}"}"#, r#"{"output":"x"}"#),
    (
        r#"{"files":{"a":1,"b":2}}"#,
        r#"{"error":"request: json: cannot unmarshal number into Go struct field request.files of type string"}"#,
    ),
    (
        r#"{"files":[1]}"#,
        r#"{"error":"request: json: cannot unmarshal array into Go struct field request.files of type map[string]string"}"#,
    ),
    (r#"{"data":1,"template":"{{.}}","numbers":"xx"}"#, r#"{"output":"1"}"#),
    (r#"{"template_base64":"a"}"#, r#"{"error":"request: illegal base64 data at input byte 0"}"#),
    (r#"{"template_base64":"!!!!"}"#, r#"{"error":"request: illegal base64 data at input byte 0"}"#),
    (r#"{"template_base64":"YWJj\nYWJj"}"#, r#"{"output":"abcabc"}"#),
    (r#"{"template":"a""#, r#"{"error":"request: unexpected end of JSON input"}"#),
    (r#"{"template":"a"}x"#, r#"{"error":"request: invalid character 'x' after top-level value"}"#),
    (r#""s""#, r#"{"error":"request: json: cannot unmarshal string into Go value of type main.request"}"#),
    ("12", r#"{"error":"request: json: cannot unmarshal number into Go value of type main.request"}"#),
    ("true", r#"{"error":"request: json: cannot unmarshal bool into Go value of type main.request"}"#),
    (
        r#"{"numbers":{},"mode":[],"name":null}"#,
        r#"{"error":"request: json: cannot unmarshal object into Go struct field request.numbers of type string"}"#,
    ),
    (
        r#"{"template":"{{fail \"a\"}}","name":"x"}"#,
        r#"{"output":"","error":"template: x:1:2: executing \"x\" at <fail \"a\">: error calling fail: HELM_ERR_STARTaHELM_ERR_END"}"#,
    ),
    (r#"{"template":"a<no value>{{.x}}\u2028&<","data":{}}"#, r#"{"output":"a\u2028&<"}"#),
    (
        r#"{"template":"{{ slice . 0 4 }}","data":[1,2,3]}"#,
        r#"{"output":"","error":"template: job.tpl:1:3: executing \"job.tpl\" at <slice . 0 4>: error calling slice: reflect.Value.Slice: slice index out of bounds"}"#,
    ),
    (r#"{"data":-0,"template":"{{.}}","numbers":"float64"}"#, r#"{"output":"-0"}"#),
    (r#"{"template":"{{.}}","data":{"a":99999999999999999999}}"#, r#"{"output":"map[a:1e+20]"}"#),
    (r#"{"template":"\ud800 {{ \"\\xff\" }}"}"#, r#"{"output_base64":"77+9IP8="}"#),
    (
        r#"{"template":"{{ foo }}","mode":"zzz"}"#,
        r#"{"output":"","error":"template: job.tpl:1: function \"foo\" not defined"}"#,
    ),
    (
        r#"{"template":"{{ env \"HOME\" }}","mode":"zzz"}"#,
        r#"{"output":"","error":"template: job.tpl:1: function \"env\" not defined"}"#,
    ),
    (r#"{"template":"{{ .x }}","mode":"zzz","data":{}}"#, r#"{"output":"<no value>"}"#),
    (
        r#"{"files":{"job.tpl":"a{{fail"},"template":"x"}"#,
        r#"{"output":"","error":"template: job.tpl:1: unclosed action"}"#,
    ),
    (
        r#"{"files":{"b":"{{define \"t\"}}b{{end}}","a":"{{define \"t\"}}a{{end}}"},"template":"{{template \"t\"}}"}"#,
        r#"{"output":"b"}"#,
    ),
    (r#"{"template":"","name":"e"}"#, r#"{"output":""}"#),
    (r#"{"files":null,"template":"q","mode":""}"#, r#"{"output":"q"}"#),
    (r#"{"files":{"a":null},"template":"q{{template \"a\"}}"}"#, r#"{"output":"q"}"#),
    (r#"{"TEMPLATE":"q"}"#, r#"{"output":"q"}"#),
    (r#"{"template":"a","template_base64":"Yg=="}"#, r#"{"output":"b"}"#),
    (r#"{"template_base64":"","template":"z"}"#, r#"{"output":"z"}"#),
    (r#"{"data":tru}"#, r#"{"error":"request: invalid character '}' in literal true (expecting 'e')"}"#),
    (
        r#"{"data":{"a":1,}}"#,
        r#"{"error":"request: invalid character '}' looking for beginning of object key string"}"#,
    ),
    (r#"{"template":"{{ printf \"%c\" 55296 }}{{ \"\\xfe\" }}"}"#, r#"{"output_base64":"77+9/g=="}"#),
];

#[test]
fn odd_lines_are_answered_as_the_go_program_answers_them() {
    let batch = Batch::new();
    for (line, expected) in LINES {
        assert_eq!(batch.answer_line(line.as_bytes()).to_json(), *expected, "{line}");
    }
}

#[test]
fn a_number_that_no_float_holds_is_refused() {
    let answer = Batch::new().answer_line(br#"{"data": 1e999}"#);
    assert_eq!(answer.output, None);
    let error = answer.error.unwrap_or_default();
    assert_eq!(error, "request: json: cannot unmarshal number 1e999 into Go value of type float64");
}

#[test]
fn an_answer_is_read_back_as_it_was_written() {
    let outputs = [None, Some(b"".to_vec()), Some(b"a\"\xe2\x80\xa8<b>\n".to_vec()), Some(vec![0xff, 0xfe])];
    for output in outputs {
        for error in [None, Some("why".to_owned())] {
            let answer = Answer { output: output.clone(), error };
            assert_eq!(Answer::from_json(answer.to_json().as_bytes()), Ok(answer));
        }
    }
}

#[test]
fn a_request_that_says_nothing_renders_an_empty_text_named_job_tpl() {
    let request = Request::default();
    assert_eq!(request.name, "job.tpl");
    assert_eq!(Batch::new().answer(&request), Answer { output: Some(Vec::new()), error: None });
}
