package check

import "testing"

func TestALinkThatLeadsNowhereIsFound(t *testing.T) {
	find(t, []finding{
		{"a file", edit{readme, "(echo_test.go)", "(other_test.go)"}, readme, "other_test.go", "the link other_test.go leads nowhere"},
		{"an anchor here", edit{readme, "(#proof)", "(#prove)"}, readme, "#prove", "leads to no heading"},
		{"an anchor there", edit{front, "#line-by-line", "#line"}, front, "#line", "leads to no heading"},
		{"outside", edit{readme, "(echo_test.go)", "(../../)"}, readme, "../..", "leads nowhere"},
		{"an image", edit{readme, "[its tests](echo_test.go)", "![a picture](none.png)"}, readme, "none.png", "leads nowhere"},
	})
}

func TestALessonThatNothingLeadsToIsFound(t *testing.T) {
	find(t, []finding{
		{"no link", edit{front, "", "# Sockets\n"}, front, "", "no link leads to lesson01-echo"},
		{"not in the workspace", edit{"go.work", "use ./lesson01-echo\n", ""}, "go.work", "", "does not use ./lesson01-echo"},
		{"no workspace", edit{"go.work", "go 1.26.0", "gone"}, "go.work", "", "unknown directive"},
	})
}

func TestACommandThatNamesWhatIsNotThereIsFound(t *testing.T) {
	find(t, []finding{
		{"a path", edit{front, "go run ./lesson01-echo/server\ngo", "go run ./lesson01-echo/serve\ngo"}, front, "echo/serve", "there is no ./lesson01-echo/serve"},
		{"a path after cd", edit{front, "go test ./...", "go test ./other/..."}, front, "cd", "there is no ./other/..."},
		{"a folder to go to", edit{front, "cd lesson01-echo &&", "cd lesson02; cd lesson01-echo;"}, front, "cd lesson02", "there is no lesson02"},
		{"a folder", edit{front, "-C lesson01-echo", "-C lesson02"}, front, "-C", "there is no lesson02"},
		{"a test", edit{front, "TestItEchoes$|", "TestIt$|"}, front, "TestIt$", "-run TestIt$ finds nothing"},
		{"a test with a case", edit{front, "TestItEnds/at_once", "TestEnds/at_once"}, front, "TestEnds", "-run TestEnds finds nothing"},
		{"a benchmark", edit{front, "-bench=Echo", "-bench=ItEchoes"}, front, "-bench", "-bench ItEchoes finds nothing"},
		{"a pattern", edit{front, "'^$'", "'a['"}, front, "a[", "cannot be understood"},
	})
}
