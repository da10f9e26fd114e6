//! Programs of any size: layers of steps, each taking values and files of the layer before.

use std::fmt::Write as _;

/// Steps in one layer.
const WIDTH: usize = 10;

/// A program of `steps` steps. The same number gives the same text.
pub(crate) fn layered(steps: usize) -> String {
    let mut text = String::from(HEAD);
    for step in 0..steps {
        let (layer, place) = (step / WIDTH, step % WIDTH);
        if layer == 0 {
            let _ = writeln!(text, "  step_{step} = load(name: \"shard {place}\", size: {})", place + 1);
            continue;
        }
        let left = (layer - 1) * WIDTH + place;
        let right = (layer - 1) * WIDTH + (place + 1) % WIDTH;
        let line = match place % 5 {
            0 => format!(
                "step_{step} = mix(step_{left}.rows, step_{right}.rows, weight: step_{left}.score / 2)"
            ),
            1 => format!(
                "step_{step} = mix(a: step_{left}.rows, b: step_{right}.rows, weight: 0.5) with {{ resources: {{ memory: 2Gi }} }}"
            ),
            2 => format!(
                "step_{step} = tune(step_{left}.rows, {{ depth: {}, rate: 0.1 }}, note: \"from ${{step_{right}.score}}\")",
                place + 1
            ),
            3 => format!("step_{step} = tune(step_{left}.rows, params: {{}}) after step_{right}"),
            _ => format!(
                "step_{step} = mix(step_{left}.rows, tune(step_{right}.rows, {{ depth: 4 }}).rows, weight: 1)"
            ),
        };
        let _ = writeln!(text, "  {line}");
    }
    let last = steps.saturating_sub(1);
    let _ = writeln!(text, "  return {{ score: step_{last}.score }}\n}}");
    text
}

const HEAD: &str = r#"//! A generated program.

const image_name = "ghcr.io/acme/steps:1.0"

record Row { id: int, value: float, label: string? }

record Params {
  depth: int in 1..=16 = 6
  rate: float in 0.0..=1.0 = 0.1
}

/// Makes a shard.
task load(name: string, size: int) -> (rows: table<Row, csv>, score: float) {
  image: image_name
  resources: { cpu: 1, memory: 512Mi }
  run: bash """
    make-shard "$name" "$size" >"$rows"
    echo 1 >"$score"
  """
}

/// Mixes two tables.
task mix(a: table<Row>, b: table<Row>, weight: float) -> (rows: table<Row, csv>, score: float) {
  image: image_name
  resources: { cpu: 1, memory: 1Gi }
  retry: { limit: 2, backoff: 10s }
  run: ["mix", a, b, "--weight", weight, "--out", rows, "--score", score]
}

/// Tunes a model.
task tune(data: table<Row>, params: Params, note: string? = null) -> (rows: table<Row, csv>, score: float) {
  image: image_name
  timeout: 1h
  run: python """
    score = tune(data, params, note, out=rows)
  """
}

pipeline generated() -> (score: float) {
"#;
