/** What back-tests say, in English. */
export const enBacktest = {
  backtest: {
    title: 'Back-test',
    what: 'Replays a rule over the past, with what was known at each evaluation then, and lists the alarms that it would have given.',
    rule: 'Rule',
    ownText: 'A text of my own',
    text: 'Text of the rule (YAML)',
    from: 'From',
    to: 'To',
    knownBy: 'An evaluation knew',
    knownBys: {
      auto: 'Whichever fits the data',
      received: 'What had been received by then',
      occurred: 'What had occurred by then',
    },
    incidents: 'Known incidents',
    incidentsWhat:
      'With times in which something is known to have gone wrong, alarms are told apart into true and false ones.',
    addIncident: 'Add an incident',
    incidentFrom: (number: string) => `Incident ${number}: from`,
    incidentTo: (number: string) => `Incident ${number}: to`,
    incidentStage: (number: string) => `Incident ${number}: stage`,
    removeIncident: (number: string) => `Take incident ${number} away`,
    everyStage: 'Every stage',
    run: 'Replay',
    stop: 'Stop',
    running: (seconds: string) => `Replaying for ${seconds} …`,
    stopped: 'Stopped. Nothing was changed.',
    faults: 'The rule has faults',
    show: (line: string) => `Show line ${line}`,
    result: 'What it would have told',
    verdict: {
      yes: (rate: string, lo: string, hi: string, budget: string) =>
        `Keeps its budget: ${rate} a week (${lo} to ${hi}), and ${budget} are allowed.`,
      unclear: (rate: string, lo: string, hi: string, budget: string) =>
        `Above its budget, but that may be chance: ${rate} a week (${lo} to ${hi}), and ${budget} are allowed.`,
      no: (rate: string, lo: string, hi: string, budget: string) =>
        `Exceeds its budget: ${rate} a week (${lo} to ${hi}), and ${budget} are allowed.`,
    },
    notJudged: 'Nothing could be judged in this time, so nothing can be said of its budget.',
    allAlarms: 'No incident is named, so every alarm counts as a false one.',
    found: (incident: string, delay: string) => `Incident ${incident} was heard of ${delay} after it began.`,
    foundMature: (delay: string) => `That is ${delay} after a whole window of it could be judged.`,
    foundEarly: (delay: string) => `That is ${delay} before a whole window of it could be judged.`,
    missed: (incident: string) => `Incident ${incident} was not heard of.`,
    facts: (alarms: string, evaluations: string, judged: string, weeks: string) =>
      `${alarms} alarms in ${evaluations} evaluations, ${judged} of which could judge something (${weeks} weeks).`,
    known: {
      received: (missed: string) =>
        `As it was known then: by the time of receipt. ${missed} events came after an evaluation by which they had occurred.`,
      occurred: (late: string) => `As it occurred, whenever it was received. ${late} events came more than a day late.`,
    },
    perWeek: 'False alarms a week',
    budget: 'Budget',
    noAlarms: 'It would not have told anything.',
    verdicts: { detected: 'true', false: 'false' },
    isTrue: 'Verdict',
    delay: 'After the incident began',
    incidentName: (number: string) => `Incident ${number}`,
    apply: 'To put it to use, save it and apply it:',
  },
};
