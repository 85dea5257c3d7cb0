import { type LimitNode, SqliteQueryCompiler } from 'kysely'

/**
 * SQLite prepares a statement anew, for longer than most take to run, each time a bare parameter of `limit` is bound:
 * it plans for its value. Statements written by hand MUST spell it so too.
 */
export class OncePreparedCompiler extends SqliteQueryCompiler {
  protected override visitLimit(node: LimitNode): void {
    this.append('limit cast(')
    this.visitNode(node.limit)
    this.append(' as integer)')
  }
}
