#!/usr/bin/env node
import { conformanceMain } from './commands/conformance.js';
import { processTerminal } from './terminal.js';

process.exitCode = await conformanceMain(process.argv.slice(2), processTerminal());
