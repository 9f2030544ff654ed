import { expect, test } from 'vitest'
import { calledAs, ours, remedyAs, wordsAs } from './called-as.ts'
import { cli } from './testing/run.ts'

const call = {
  env: { PATH: '/usr/bin:/opt/bin' },
  script: '/src/apps/cli/holdfast.js',
  cwd: '/src',
  isFile: () => false,
}

test.each([
  ['npm in a checkout', { env: { npm_package_name: 'holdfast-workspace' } }, 'npm run -s holdfast --'],
  ['its path in a checkout', { script: '/src/node_modules/.bin/holdfast' }, './node_modules/.bin/holdfast'],
  [
    'its path from elsewhere',
    { script: '/src/node_modules/.bin/holdfast', cwd: '/home/me' },
    '/src/node_modules/.bin/holdfast',
  ],
  [
    'a path that a shell would take apart',
    { script: '/home/me/my $& tools/holdfast', cwd: '/srv' },
    "'/home/me/my $& tools/holdfast'",
  ],
  [
    'its name, where it is installed',
    { script: '/opt/bin/holdfast', isFile: (path: string) => path === '/opt/bin/holdfast' },
    'holdfast',
  ],
  ['Node itself', {}, 'holdfast'],
])('who called it by %s can paste what it prints', (_, given, program) => {
  expect(calledAs({ ...call, ...given })).toBe(program)
})

test('commands are renamed, and nothing else of that name', () => {
  const words = ours`next: holdfast incidents show inc-1, then \`holdfast demo --remove\`; holdfast: a fault in .holdfast or @x/holdfast run`
  expect(words.as('./bin/holdfast')).toBe(
    'next: ./bin/holdfast incidents show inc-1, then `./bin/holdfast demo --remove`; holdfast: a fault in .holdfast or @x/holdfast run',
  )
  expect(ours`holdfast up`.as("'/my $& tools/holdfast'")).toBe("'/my $& tools/holdfast' up")
  expect(words.as(undefined)).toBe(words.as('holdfast'))
})

test('what our words quote stays as it was captured, and our words in them are renamed', () => {
  const asked = "'holdfast run -- rm'"
  const words = ours`no agent ${asked} was heard: ${ours`holdfast agents`}, or holdfast hunt ${asked}`
  expect(words.as('./hf')).toBe(`no agent ${asked} was heard: ./hf agents, or ./hf hunt ${asked}`)
  expect(wordsAs('holdfast run', './hf')).toBe('holdfast run')
})

test('of a remedy of the server what is to be typed is renamed, and nothing else', () => {
  expect(
    remedyAs('`holdfast run -- CMD`, or put `holdfast llm` before it; holdfast run as `a holdfast run`', './hf'),
  ).toBe('`./hf run -- CMD`, or put `./hf llm` before it; holdfast run as `a holdfast run`')
})

test('what was typed is told as it was typed', async () => {
  const { stderr } = await cli(['holdfast run'], { cwd: '/', program: './hf' })
  expect(stderr).toContain('no command "holdfast run"')
  expect(stderr).toContain('help: ./hf --help')
})

test('what a command says on standard error can be pasted', async () => {
  const given = { cwd: '/', program: 'npm run -s holdfast --' }
  const { code, stderr } = await cli(['demo', 'accident'], given)
  expect([code, stderr]).toEqual([2, expect.stringContaining('npm run -s holdfast -- demo incident sanctioned-bucket')])
})
