//! Speaks the protocol of softmax-fuzz (docs/protocol.md) for a kernel in Rust.
//! Put your kernel in softmax()'s place: rustc -O softmax_fuzz_adapter.rs && softmax-fuzz fuzz cmd:./softmax_fuzz_adapter
use std::io::{self, Read, Write};

const MAGIC: u32 = 0x5a46_4d53;
const GREETING: u32 = 0;
const ANSWER: u32 = 2;
const ANSWERED: u32 = 0;
const THREW: u32 = 1;
const SOFTMAX: u32 = 1;
const HELLO: &str = r#"{"name":"rust-kernel","operations":["softmax"],"profile":"sequential"}"#;

fn softmax(logits: &[f32], cols: usize) -> Vec<f32> {
    let mut out = Vec::with_capacity(logits.len());
    for row in logits.chunks(cols) {
        let max = row.iter().copied().fold(row[0], |a, b| if b > a { b } else { a });
        let powers: Vec<f32> = row.iter().map(|x| (x - max).exp()).collect();
        let sum: f32 = powers.iter().sum();
        out.extend(powers.iter().map(|power| power / sum));
    }
    out
}

/// Answers a request; an Err is reported as what the kernel threw.
fn answer(operation: u32, logits: &[f32], cols: usize) -> Result<Vec<f32>, String> {
    match operation {
        SOFTMAX => Ok(softmax(logits, cols)),
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

fn words(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
}

fn main() -> io::Result<()> {
    let (mut input, mut out) = (io::stdin().lock(), io::stdout().lock());
    send(&mut out, GREETING, 0, ANSWERED, &[], HELLO)?;
    let mut head = [0u8; 48];
    while input.read_exact(&mut head).is_ok() {
        let h = words(&head);
        let mut logits = vec![0u8; 4 * h[8] as usize];
        input.read_exact(&mut logits)?;
        let mut others = vec![0u8; 4 * (h[9] as usize + h[10] as usize) + h[11] as usize];
        input.read_exact(&mut others)?; // The targets come first, as i32.
        let logits: Vec<f32> = words(&logits).into_iter().map(f32::from_bits).collect();
        match answer(h[4], &logits, h[6] as usize) {
            Ok(floats) => send(&mut out, ANSWER, h[3], ANSWERED, &floats, "")?,
            Err(text) => send(&mut out, ANSWER, h[3], THREW, &[], &text)?,
        }
    }
    Ok(())
}
