import { z } from 'zod'
import { resolveAgent } from '../../../server/resolve-id.ts'
import { captured, capturedSchema, idGiven, idShown } from '../captured.ts'
import { ROWS } from '../limits.ts'
import { tool } from '../tool.ts'

const QUESTIONS = ['Q1', 'Q2', 'Q3', 'Q4', 'Q5'] as const

/** One of the five questions of an auditor, answered for an agent and an instant. */
export const diagnoseQuestion = tool({
  name: 'diagnose_question',
  title: 'Diagnose one question',
  description:
    'Answers one of five questions for an agent and an instant: Q1 what it was made of, Q2 whether its behaviour has settled, Q3 which envelope holds it, Q4 what of its drift is risky, Q5 whether a violation leads to its cause. The verdict says no where evidence is missing.',
  isReadOnly: true,
  input: z.object({
    question: z.enum(QUESTIONS),
    agent: z.string().max(600).optional().describe('the one with the most records unless told'),
    at: z.iso.datetime({ offset: true }).optional(),
  }),
  output: z.object({
    agent: z.string(),
    at: z.string(),
    question: z.string(),
    verdict: z.enum(['yes', 'partly', 'no', 'constrained']),
    missing: z.array(capturedSchema),
    evidence: z.array(z.object({ what: capturedSchema, entries: z.array(z.int()), count: z.int() })),
    path: z.string().describe('page of the workspace'),
  }),
  async run(api, { question, agent, at }) {
    const of = agent === undefined ? undefined : (await resolveAgent(api, idGiven(agent))).id
    const answer = await api.call('getDiagnostic', {
      query: { ...(of === undefined ? {} : { agent: of }), ...(at === undefined ? {} : { at }) },
    })
    const found = answer.questions[QUESTIONS.indexOf(question)]
    if (found === undefined) throw new Error(`the server does not answer ${question}`)
    return {
      agent: idShown(answer.agent),
      at: answer.at,
      question: found.question,
      verdict: found.verdict,
      missing: found.missing.map(captured),
      evidence: found.evidence
        .slice(0, ROWS)
        .map(({ what, entries, count }) => ({ what: captured(what), entries, count })),
      path: found.path,
    }
  },
})
