import { jsonText } from './json.ts'

/** A JSON value as YAML 1.2 block text. Strings are always quoted the JSON way, so none can turn into another type. */
export function yamlText(value: unknown): string {
  return `${lines(value).join('\n')}\n`
}

function lines(value: unknown): readonly string[] {
  if (Array.isArray(value)) {
    if (value.length === 0) return ['[]']
    return value.flatMap((item: unknown) => lines(item).map((line, i) => (i === 0 ? `- ${line}` : `  ${line}`)))
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, field]) => field !== undefined)
    if (entries.length === 0) return ['{}']
    return entries.flatMap(([key, field]) => {
      const below = lines(field)
      const isBlock = typeof field === 'object' && field !== null && below[0] !== '[]' && below[0] !== '{}'
      return isBlock
        ? [`${keyText(key)}:`, ...below.map((line) => `  ${line}`)]
        : [`${keyText(key)}: ${below[0] ?? ''}`]
    })
  }
  return [jsonText(value)]
}

function keyText(key: string): string {
  return /^[A-Za-z][A-Za-z0-9_-]*$/.test(key) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(key)
    ? key
    : jsonText(key)
}
