/**
 * How much a sentence reads like an instruction to whoever reads it: 0 for a statement, 1 for a plain command. A prior, never a
 * verdict: honest data gives orders too, and an order can be worded as a fact.
 */
export declare function instructionStrength(sentence: string): number
//# sourceMappingURL=instruction.d.ts.map
