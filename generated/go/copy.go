package postfixreplies

// copied returns values that the caller may change.
func copied[T any](values []T) []T {
	made := append([]T(nil), values...)
	for at := range made {
		if setting, ok := any(&made[at]).(*Setting); ok {
			setting.Affects = copied(setting.Affects)
		}
	}
	return made
}
