import type { Options } from '../options.ts'
import type { Report } from '../report.ts'
export async function benchLog(_: Options): Promise<Report> { return { columns: [], rows: [], notes: [] } }
