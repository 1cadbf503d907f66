"""The reviewer's desk: what waits, one material beside its check results, decisions, questions to colleagues."""
