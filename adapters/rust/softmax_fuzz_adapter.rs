//! Speaks the protocol of softmax-fuzz (docs/protocol.md) for kernels in Rust. Put yours in the place of these three:
//! rustc -O softmax_fuzz_adapter.rs && softmax-fuzz fuzz cmd:./softmax_fuzz_adapter
use std::io::{self, Read, Write};

const MAGIC: u32 = 0x5a46_4d53;
const GREETING: u32 = 0;
const ANSWER: u32 = 2;
const ANSWERED: u32 = 0;
const THREW: u32 = 1;
const HELLO: &str =
    r#"{"name":"rust-kernel","profile":"sequential","operations":["softmax","crossEntropy","softmaxGrad"]}"#;

fn softmax(row: &[f32]) -> Vec<f32> {
    let max = row.iter().copied().fold(row[0], f32::max);
    let powers: Vec<f32> = row.iter().map(|x| (x - max).exp()).collect();
    let sum: f32 = powers.iter().sum();
    powers.iter().map(|power| power / sum).collect()
}

/// The loss of a row; the answer is their mean.
fn cross_entropy(row: &[f32], target: i32) -> f32 {
    let max = row.iter().copied().fold(row[0], f32::max);
    let sum: f32 = row.iter().map(|x| (x - max).exp()).sum();
    sum.ln() - (row[target as usize] - max)
}

/// `upstream` times the Jacobian of softmax.
fn softmax_grad(upstream: &[f32], row: &[f32]) -> Vec<f32> {
    let p = softmax(row);
    let dot: f64 = p.iter().zip(upstream).map(|(p, g)| f64::from(*p) * f64::from(*g)).sum();
    p.iter().zip(upstream).map(|(p, g)| (f64::from(*p) * (f64::from(*g) - dot)) as f32).collect()
}

/// Answers a request; an Err is reported as what the kernel threw.
fn answer(operation: u32, logits: &[f32], targets: &[i32], upstream: &[f32], cols: usize) -> Result<Vec<f32>, String> {
    let rows = logits.chunks(cols);
    match operation {
        1 => Ok(rows.flat_map(softmax).collect()),
        4 => {
            let losses = rows.zip(targets).map(|(row, target)| f64::from(cross_entropy(row, *target)));
            Ok(vec![losses.map(|loss| loss / targets.len() as f64).sum::<f64>() as f32])
        }
        6 => Ok(upstream.chunks(cols).zip(rows).flat_map(|(g, row)| softmax_grad(g, row)).collect()),
        _ => Err(format!("there is no operation {operation}")),
    }
}

fn send(out: &mut impl Write, kind: u32, id: u32, status: u32, floats: &[f32], text: &str) -> io::Result<()> {
    let words = [MAGIC, 1, kind, id, 0, 0, 0, status, floats.len() as u32, 0, 0, text.len() as u32];
    let mut frame: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    frame.extend(floats.iter().flat_map(|x| x.to_le_bytes()));
    frame.extend(text.as_bytes());
    out.write_all(&frame)?;
    out.flush()
}

/// So many words of the input.
fn receive(input: &mut impl Read, count: u32) -> io::Result<Vec<u32>> {
    let mut bytes = vec![0u8; 4 * count as usize];
    input.read_exact(&mut bytes)?;
    Ok(bytes.chunks(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect())
}

fn main() -> io::Result<()> {
    let (mut input, mut out) = (io::stdin().lock(), io::stdout().lock());
    send(&mut out, GREETING, 0, ANSWERED, &[], HELLO)?;
    while let Ok(head) = receive(&mut input, 12) {
        let logits: Vec<f32> = receive(&mut input, head[8])?.into_iter().map(f32::from_bits).collect();
        let targets: Vec<i32> = receive(&mut input, head[9])?.into_iter().map(|word| word as i32).collect();
        let upstream: Vec<f32> = receive(&mut input, head[10])?.into_iter().map(f32::from_bits).collect();
        match answer(head[4], &logits, &targets, &upstream, head[6] as usize) {
            Ok(floats) => send(&mut out, ANSWER, head[3], ANSWERED, &floats, "")?,
            Err(text) => send(&mut out, ANSWER, head[3], THREW, &[], &text)?,
        }
    }
    Ok(())
}
