import { readFileSync } from 'node:fs'
import { HELM_INSTALL, PLAIN_INSTALL } from '@holdfast/model'
import { expect, test } from 'vitest'
import { VERSION } from '../version.ts'

const readme = readFileSync(new URL('../../../../deploy/README.md', import.meta.url), 'utf8')

test.each([
  ['Helm', HELM_INSTALL],
  ['plain manifests', PLAIN_INSTALL],
])('what installs by %s is what deploy/README.md says, of this version', (_, commands) => {
  expect(readme).toContain(commands.split('\n').slice(2).join('\n'))
  expect(readme).toContain(commands.split('\n').slice(0, 2).join('\n'))
  expect(commands).toContain(`holdfast:${VERSION}`)
})
