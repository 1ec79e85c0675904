/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holds core/storage/remote/bucket_stale: which unfinished uploads are old.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "storage/remote/bucket_stale.h"

#define UPLOADS(text) "<ListMultipartUploadsResult xmlns='x'>" text "</ListMultipartUploadsResult>"
#define UPLOAD(key, id, begun)                                                                     \
	"<Upload><Key>" key "</Key><UploadId>" id "</UploadId><Initiator><ID>i</ID></Initiator>"   \
	"<Initiated>" begun "</Initiated></Upload>"

static void old_uploads_of_the_key_are_found(void **state)
{
	static const char list[] = UPLOADS(
		"<Prefix>k</Prefix>" /* of the key, and those behind it */
		UPLOAD("k", "old", "2026-11-20T00:00:00.000Z") UPLOAD("k", "at",
								      "2026-11-21T00:00:00Z")
			UPLOAD("k", "young", "2026-11-22T00:00:00Z") UPLOAD(
				"k", "when", "yesterday") UPLOAD("k", "", "2026-11-20T00:00:00Z")
				UPLOAD("k2", "other", "2026-11-20T00:00:00Z")
					UPLOAD("k", "last", "2026-11-20T23:59:59Z"));
	struct pairs ids = { 0 };
	time_t limit = 1795219200; /* 2026-11-21T00:00:00Z */

	(void)state;
	assert_true(bucket_stale_uploads(list, strlen(list), "k", limit, &ids));
	assert_int_equal(ids.count, 2);
	assert_string_equal(ids.items[0].value, "old");
	assert_string_equal(ids.items[1].value, "last");
	pairs_free(&ids);
	assert_true(bucket_stale_uploads(UPLOADS("<Prefix>k</Prefix>"),
					 strlen(UPLOADS("<Prefix>k</Prefix>")), "k", limit, &ids));
	assert_false(bucket_stale_uploads("<Error/>", 8, "k", limit, &ids));
	assert_false(bucket_stale_uploads(list, strlen(list) - 1, "k", limit, &ids));
	pairs_free(&ids);
}

static bool newest(const char *list, time_t *time, unsigned *next)
{
	return bucket_stale_newest(list, strlen(list), time, next);
}

static void the_newest_part_decides(void **state)
{
	time_t time;
	unsigned next;

	(void)state;
	assert_true(newest(
		"<ListPartsResult><Part><LastModified>2026-11-21T00:00:00Z</LastModified></Part>"
		"<Part><LastModified>2026-11-20T00:00:00.5Z</LastModified></Part>"
		"<IsTruncated>false</IsTruncated></ListPartsResult>",
		&time, &next));
	assert_int_equal(time, 1795219200);
	assert_int_equal(next, 0);
	assert_true(
		newest("<ListPartsResult><IsTruncated>true</IsTruncated><NextPartNumberMarker>1000"
		       "</NextPartNumberMarker></ListPartsResult>",
		       &time, &next));
	assert_int_equal(time, 0);
	assert_int_equal(next, 1000);
	/* What can't be read may be alive. */
	assert_true(newest(
		"<ListPartsResult><Part><LastModified>now</LastModified></Part></ListPartsResult>",
		&time, &next));
	assert_true(time > (time_t)1 << 40);
	assert_false(newest("<ListPartsResult><IsTruncated>true</IsTruncated></ListPartsResult>",
			    &time, &next));
	assert_false(newest("<Error/>", &time, &next));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(old_uploads_of_the_key_are_found),
		cmocka_unit_test(the_newest_part_decides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
