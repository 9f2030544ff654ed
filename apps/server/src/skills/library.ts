import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSkill, type Skill } from '@holdfast/respond'
import { OWN_SKILLS, SKILL_FILE_BYTES } from './limits.ts'
import { SHIPPED_SKILLS } from './shipped.ts'

/** The folder of the skills that ship, at the root of the project. */
const SHIPPED_FOLDER = fileURLToPath(new URL('../../../../runbooks/skills', import.meta.url))

export type KnownSkill = { readonly skill: Skill; readonly origin: 'shipped' | 'own' }
export type RefusedSkill = { readonly folder: string; readonly problems: readonly string[] }
export type Library = { readonly skills: ReadonlyMap<string, KnownSkill>; readonly refused: readonly RefusedSkill[] }

/**
 * Reads the skills that ship and those of a folder of the operator's own, anew each time: an edit is another digest. One of the
 * own folder takes no name that ships. Untrusted, both: what does not parse is told and never runs.
 */
export function readLibrary(own: string): Library {
  const skills = new Map<string, KnownSkill>()
  const refused: RefusedSkill[] = []
  const folders = [
    ...foldersIn(SHIPPED_FOLDER).map((path) => ({ path, isOwn: false })),
    ...foldersIn(own).map((path) => ({ path, isOwn: true })),
  ]
  for (const { path, isOwn } of folders) {
    const folder = path.split('/').at(-1) ?? path
    const [skillText, steps] = [fileOf(path, 'SKILL.md'), fileOf(path, 'steps.yaml')]
    if (skillText === undefined || steps === undefined) {
      refused.push({
        folder,
        problems: [`SKILL.md and steps.yaml are needed, each of at most ${SKILL_FILE_BYTES} bytes`],
      })
      continue
    }
    const parsed = parseSkill({ folder, skill: skillText, steps })
    if (parsed.status === 'refused') {
      const problems = parsed.problems.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`)
      refused.push({ folder, problems })
    } else if (skills.has(folder)) refused.push({ folder, problems: ['a skill that ships has this name'] })
    else {
      const isShipped = !isOwn && SHIPPED_SKILLS.get(folder) === parsed.skill.digest
      skills.set(folder, { skill: parsed.skill, origin: isShipped ? 'shipped' : 'own' })
    }
  }
  return { skills, refused }
}

function foldersIn(root: string): readonly string[] {
  if (!existsSync(root)) return []
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .slice(0, OWN_SKILLS)
    .map(({ name }) => join(root, name))
}

function fileOf(folder: string, name: string): string | undefined {
  const path = join(folder, name)
  const found = statSync(path, { throwIfNoEntry: false })
  return found?.isFile() === true && found.size <= SKILL_FILE_BYTES ? readFileSync(path, 'utf8') : undefined
}
