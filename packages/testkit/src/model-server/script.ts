/**
 * What a scripted model says. A script is data: the first rule whose conditions all hold gives the reply, so one script
 * serves every wire format and every client that asks it the same things.
 */
export type Script = { readonly rules: readonly ScriptRule[] }

/** Every text is a case-sensitive substring; a condition that is left out always holds. */
export type ScriptRule = {
  readonly when: {
    /** In the system, developer or instruction text. */
    readonly system?: string
    /** In the last message of the user. */
    readonly user?: string
    /**
     * Name of a tool whose result ends the conversation. A rule that has it holds only right after that tool; a rule
     * that lacks it holds only where the conversation does not end with a tool result.
     */
    readonly afterTool?: string
    /** In a tool result that ends the conversation; only beside `afterTool`, and of that tool. */
    readonly toolResult?: string
    /** In the requested model's name. */
    readonly model?: string
  }
  readonly reply: ScriptReply
}

/** Text, reasoning and tool calls are given in one answer, in the order in which the wire format has them. */
export type ScriptReply = {
  readonly text?: string
  readonly reasoning?: string
  readonly toolCalls?: readonly { readonly name: string; readonly arguments: unknown }[]
}

/** What a rule looks at, read from a request of any of the wire formats. */
export type Turn = {
  readonly model: string
  readonly system: string
  readonly user: string
  /** The tool results that end the conversation, in order; empty where something else ends it. */
  readonly toolResults: readonly { readonly tool: string; readonly text: string }[]
  /** Characters of everything that the model reads; token counts are derived from it. */
  readonly promptChars: number
}

export type Choice =
  | { readonly status: 'matched'; readonly reply: ScriptReply }
  | { readonly status: 'unmatched'; readonly explanation: string }

/** The reply of the first rule that holds for `turn`, or the texts of all rules that were tried and did not. */
export function chooseReply(script: Script, turn: Turn): Choice {
  const rule = script.rules.find((candidate) => ruleHolds(candidate.when, turn))
  if (rule !== undefined) return { status: 'matched', reply: rule.reply }
  const tried = script.rules.map((candidate, index) => `${index}: ${JSON.stringify(candidate.when)}`).join('; ')
  const ending = turn.toolResults.map((result) => result.tool).join(', ')
  const asked = JSON.stringify({ model: turn.model, system: turn.system, user: turn.user, afterTool: ending })
  return {
    status: 'unmatched',
    explanation: `no script rule matches ${asked}, tried ${tried || 'none: the script is empty'}`,
  }
}

function ruleHolds(when: ScriptRule['when'], turn: Turn): boolean {
  return (
    turn.model.includes(when.model ?? '') &&
    turn.system.includes(when.system ?? '') &&
    turn.user.includes(when.user ?? '') &&
    endHolds(when, turn)
  )
}

function endHolds(when: ScriptRule['when'], turn: Turn): boolean {
  if (when.afterTool === undefined) return turn.toolResults.length === 0
  // A client answers parallel calls in any order, so each result of the last block may be the one meant.
  return turn.toolResults.some(
    (result) => result.tool === when.afterTool && result.text.includes(when.toolResult ?? ''),
  )
}
