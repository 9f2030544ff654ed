import { expect, test } from 'vitest'

import { shippedMatrix } from '../testing/case-driver.ts'
import { parseRunbook } from './parse-runbook.ts'
import { runbookText } from './runbook-text.ts'

test('a runbook that is written as YAML is read as the same runbook', () => {
  for (const runbook of Object.values(shippedMatrix()))
    expect(parseRunbook(runbookText(runbook), 'draft.yaml')).toEqual({ status: 'parsed', value: runbook })
})
