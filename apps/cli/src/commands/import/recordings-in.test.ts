import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { recordingsIn } from './recordings-in.ts'

test('of a folder recordings and documents are read, manifests of packages among them, and no licences or hidden files', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-recordings-'))
  try {
    await mkdir(join(folder, 'agent'))
    const files = [
      'runs.jsonl',
      'agent/deploy.yaml',
      'agent/mcp.json',
      'agent/requirements.txt',
      'agent/pyproject.toml',
    ]
    const locks = ['agent/poetry.lock', 'agent/requirements-dev.txt', 'agent/uv.lock']
    const others = ['LICENSE', 'notes.txt', 'labels.csv', '.mcp.json', 'agent/settings.toml', 'yarn.lock']
    for (const name of [...files, ...locks, ...others]) await writeFile(join(folder, name), '')
    const found = await recordingsIn(folder)
    expect(found.map((path) => relative(folder, path))).toEqual([...files, ...locks].toSorted())
  } finally {
    await rm(folder, { recursive: true })
  }
})
