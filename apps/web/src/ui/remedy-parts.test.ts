import { expect, test } from 'vitest'
import { remedyParts } from './remedy-parts.ts'

/** Code in angle brackets, words as they are. */
const marked = (text: string): string =>
  remedyParts(text)
    .map((part) => (part.kind === 'code' ? `<${part.text}>` : part.text))
    .join('')

test('of a remedy only what is typed or set just so is code', () => {
  expect(marked('`holdfast demo`')).toBe('<npm run -s holdfast -- demo>')
  expect(marked('start the server without `--no-sensor`')).toBe('start the server without <--no-sensor>')
  expect(marked('kubectl apply -f rbac.yaml')).toBe('<kubectl apply -f rbac.yaml>')
  expect(marked('set OTEL_LOG_USER_PROMPTS=1 (whole histories: OTEL_LOG_RAW_API_BODIES=1)')).toBe(
    'set <OTEL_LOG_USER_PROMPTS=1> (whole histories: <OTEL_LOG_RAW_API_BODIES=1>)',
  )
  expect(
    marked('export OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 (what it printed), or LOG_LEVEL=info: then wait'),
  ).toBe('export <OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318> (what it printed), or <LOG_LEVEL=info>: then wait')
  expect(marked('wait: pages show the log as it was')).toBe('wait: pages show the log as it was')
  expect(marked('words of `a holdfast run`, and holdfast run')).toBe('words of <a holdfast run>, and holdfast run')
  expect(marked('a lone ` is no code')).toBe('a lone ` is no code')
})
