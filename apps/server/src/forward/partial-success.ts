import type { OtlpEncoding } from '@holdfast/capture'

const REJECTED = /"rejected(?:Spans|LogRecords|DataPoints)"\s*:\s*"?(\d{1,15})/

/**
 * Records that the endpoint says it did not take, of an answer that is a success (OTLP, partial success). 0 for anything
 * that says nothing of the kind. Untrusted.
 */
export function rejectedOf(encoding: OtlpEncoding, answer: Uint8Array): number {
  return encoding === 'json' ? ofJson(answer) : ofProto(answer)
}

/** The one number is looked for where it may stand; what is around it is nothing to us. */
function ofJson(answer: Uint8Array): number {
  return Number(REJECTED.exec(Buffer.from(answer).toString('latin1'))?.[1] ?? 0)
}

/** Field 1 of the answer is the partial success, whose field 1 is the number and comes first where it is written in order. */
function ofProto(answer: Uint8Array): number {
  if (answer[0] !== 0x0a) return 0
  const length = varint(answer, 1)
  if (length === undefined || answer[length.next] !== 0x08) return 0
  return varint(answer, length.next + 1)?.value ?? 0
}

/** Undefined for one that does not end, or is beyond what counts exactly. */
function varint(bytes: Uint8Array, from: number): { readonly value: number; readonly next: number } | undefined {
  let value = 0
  for (let i = 0; i < 7; i += 1) {
    const byte = bytes[from + i]
    if (byte === undefined) return undefined
    value += (byte & 0x7f) * 2 ** (7 * i)
    if (byte < 0x80) return { value, next: from + i + 1 }
  }
  return undefined
}
