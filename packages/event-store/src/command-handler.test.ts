import { describe, expect, test } from 'vitest'
import { accept, reject, type Decider } from '@relais/decider/decider'
import { z } from 'zod'
