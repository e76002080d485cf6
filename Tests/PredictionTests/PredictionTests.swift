import Testing

@Suite struct PredictionTests {}
