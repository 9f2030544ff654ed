/** What this product does not see, and why. `state`: no event at run time tells it; the difference is in what lies there. */
export type NotCovered = {
  readonly technique: string
  readonly detectability: 'event' | 'sequence' | 'state'
  readonly why: string
  /** What helps instead. */
  readonly instead: string
}

/** Admitted in the open: a matrix without this list would claim what nobody can. */
export const NOT_COVERED: readonly NotCovered[] = [
  {
    technique: 'AML.T0010',
    detectability: 'state',
    why: 'a model whose weights were tampered with before it was deployed answers as any other does, until its trigger stands in a text',
    instead: 'pin and verify models where they are taken from; a change of the model that is called is seen',
  },
  {
    technique: 'AML.T0115',
    detectability: 'state',
    why: 'a poisoned package, skill or model that was there before anybody watched is part of what is normal',
    instead: 'the inventory lists what runs with its digests; compare it with what was approved',
  },
  {
    technique: 'AML.T0018.003',
    detectability: 'state',
    why: 'code that builds the prompt otherwise inside of the process shows only in the prompt, and only where prompts are captured',
    instead: 'templates are fingerprinted: a new one is listed, without saying whether it is meant',
  },
  {
    technique: 'AML.T0070',
    detectability: 'state',
    why: 'a slow poisoning of a corpus with plausible facts instructs nobody: every retrieval and every answer looks as it should',
    instead:
      'provenance says which document an answer rests on; recovery by pinning a version of the corpus is what can be tested',
  },
  {
    technique: 'AML.T0071',
    detectability: 'state',
    why: 'a false entry without an instruction is data, and only its author knows that it is false',
    instead:
      'origin, version and digest of each retrieved item are kept: whoever learns of it finds all that it reached',
  },
  {
    technique: 'AML.T0099',
    detectability: 'state',
    why: 'a tool that answers with a wrong figure answers in the right form',
    instead: 'compare with a second source; results are kept to look back',
  },
  {
    technique: 'AML.T0110.001',
    detectability: 'state',
    why: 'what a tool does on its own server is not seen, only its definition and its answers',
    instead: 'put its server under a sensor, or pin its artifact',
  },
  {
    technique: 'AML.T0051.002',
    detectability: 'state',
    why: 'an instruction that waits for a word, a date or a user is silent until then',
    instead: 'when it acts, its text is found backwards through memory and retrieval',
  },
  {
    technique: 'AML.T0080.001',
    detectability: 'sequence',
    why: 'a thread that is bent turn by turn, each harmless, holds no sentence that explains a deed',
    instead: 'departures from the profile are noted; no more is promised',
  },
  {
    technique: 'AML.T0092',
    detectability: 'state',
    why: 'a chat history that was changed in its store looks like what was said',
    instead: 'the log keeps what was said: compare where both are at hand',
  },
  {
    technique: 'AML.T0054',
    detectability: 'event',
    why: 'a user who talks a model out of its rules is a trusted voice here: whether the user may ask so is not judged',
    instead: 'verdicts of guardrails are read, and nothing else is held against a user',
  },
  {
    technique: 'AML.T0057',
    detectability: 'event',
    why: 'what a model paraphrases from its training or its context in an answer carries no value that could be followed',
    instead: 'values that are long and rare are followed word for word',
  },
  {
    technique: 'AML.T0084',
    detectability: 'event',
    why: 'asking an agent for its tools and instructions is an ordinary question',
    instead: 'what follows it is judged',
  },
  {
    technique: 'AML.T0096',
    detectability: 'event',
    why: 'commands that come by the way of a model provider stand in traffic that the agent has anyway',
    instead: 'put `holdfast llm` before the model, and its texts are read',
  },
  {
    technique: 'T1525',
    detectability: 'state',
    why: 'an image that was planted before anybody watched is what the agent is',
    instead: 'the inventory names images by digest',
  },
  {
    technique: 'T1078.004',
    detectability: 'state',
    why: 'a role that was too wide from the beginning is used within its bounds',
    instead: '`holdfast scope` lists what is granted and never used, and what was inherited without being declared',
  },
  {
    technique: 'T1195',
    detectability: 'state',
    why: 'a dependency that turned before anybody watched does what it always did',
    instead: 'the inventory lists packages with versions and digests',
  },
]
