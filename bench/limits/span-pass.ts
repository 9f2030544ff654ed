/** Fields that hold messages, level by level: request, resource, scope, span, attribute, value. */
const NESTED = [[1], [2], [2], [9], [2], []]

/** The unit U: one pass over a request that finds the boundaries of spans and attributes. Answers how many fields it saw. */
export function spanPass(body: Uint8Array): number {
  return walk(body, 0, body.length, 0)
}

function walk(body: Uint8Array, from: number, to: number, level: number): number {
  const nested = NESTED[level] ?? []
  let fields = 0
  let pos = from
  while (pos < to) {
    const tag = body[pos] ?? 0
    const wire = tag & 7
    pos += 1
    fields += 1
    if (wire === 1) pos += 8
    else if (wire === 5) pos += 4
    else {
      let value = 0
      let shift = 0
      let byte = 0x80
      while (byte >= 0x80 && shift < 35) {
        byte = body[pos] ?? 0
        value |= (byte & 0x7f) << shift
        shift += 7
        pos += 1
      }
      if (wire === 2) {
        if (nested.includes(tag >> 3)) fields += walk(body, pos, pos + value, level + 1)
        pos += value
      }
    }
  }
  return fields
}
