/** Starts proxy-server. What Node makes of our sources is kept from one start to the next: that is half of the time until the first answer. */
import { enableCompileCache } from 'node:module';
import { keepNewObjectsYoung, weighAllMemory } from './heap-settings.ts';

keepNewObjectsYoung();
weighAllMemory();
enableCompileCache(); // before anything of ours is loaded
const { runProgram } = await import('./run-program.ts');
await runProgram();
