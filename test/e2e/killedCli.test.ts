import { killAtCalls } from "./killedRuns";

killAtCalls("cli");
