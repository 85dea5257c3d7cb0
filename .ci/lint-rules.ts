type Position = { loc: { start: { line: number }; end: { line: number } } }
type Node = Position & { type: string; expression?: Node; typeAnnotation?: Node; typeName?: { name?: string } }
type Comment = Position & { value: string }
type Context = {
  report(finding: { node: Position; message: string }): void
  sourceCode: { getAllComments(): readonly Comment[] }
}

const isCast = (node: Node | undefined) => node?.type === 'TSAsExpression' || node?.type === 'TSTypeAssertion'
const isConst = ({ typeAnnotation }: Node) => typeAnnotation?.typeName?.name === 'const'

/** `as unknown as` tells the compiler nothing and hides everything. */
const noDoubleCast = {
  create(context: Context) {
    const check = (node: Node) => {
      if (isCast(node.expression)) context.report({ node, message: 'A double cast is a design fault: narrow instead' })
    }
    return { TSAsExpression: check, TSTypeAssertion: check }
  },
}

/** A cast claims what the compiler cannot see, so a comment on its line or just above says why it is true. */
const castHasReason = {
  create(context: Context) {
    const check = (node: Node) => {
      if (isConst(node)) return
      const { start, end } = node.loc
      const reasons = context.sourceCode.getAllComments()
      if (reasons.some(({ loc }) => loc.end.line >= start.line - 1 && loc.start.line <= end.line)) return
      context.report({ node, message: 'A cast needs a reason beside it: a comment on its line or just above' })
    }
    return { TSAsExpression: check, TSTypeAssertion: check }
  },
}

/** `export *` makes what a module offers invisible. */
const noExportStar = {
  create: (context: Context) => ({
    ExportAllDeclaration: (node: Node) => context.report({ node, message: 'Export things by name' }),
  }),
}

/** A rule that is wrong is changed for everybody, with the reason, and not switched off in a file. */
const noSuppression = {
  create: (context: Context) => ({
    Program() {
      for (const comment of context.sourceCode.getAllComments())
        if (/^\W*(oxlint|eslint)-disable\b/.test(comment.value))
          context.report({ node: comment, message: 'A rule is not switched off in a file (CONTRIBUTING.md)' })
    },
  }),
}

export default {
  meta: { name: 'relais' },
  rules: {
    'no-double-cast': noDoubleCast,
    'cast-has-reason': castHasReason,
    'no-export-star': noExportStar,
    'no-suppression': noSuppression,
  },
}
