import type { Handlers } from '../http/handlers.ts'
import type { Skills } from './skills.ts'

type SkillRoute =
  | 'listSkills'
  | 'getSkill'
  | 'decideSkill'
  | 'rehearseSkill'
  | 'runSkill'
  | 'listSkillRuns'
  | 'continueSkillRun'

/** Response procedures and their runs. */
export function skillHandlers(skills: Skills): Pick<Handlers, SkillRoute> {
  return {
    listSkills: async () => skills.list(),
    getSkill: async ({ params }) => skills.show(params.skill),
    decideSkill: ({ params, body, caller }) => skills.decide(params.skill, body, caller.name),
    rehearseSkill: ({ params, body }) => skills.rehearse(params.skill, body),
    runSkill: ({ params, body, caller }) => skills.run(params.skill, body, caller),
    listSkillRuns: ({ query }) => skills.runs(query.incident),
    continueSkillRun: ({ params, body, caller }) => skills.goOn(params.run, body, caller),
  }
}
