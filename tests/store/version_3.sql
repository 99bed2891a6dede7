BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
) STRICT;
INSERT INTO "_sqlite_migrations" VALUES(1,'porras','m001_first','2026-11-22 08:26:47.941039+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'porras','m002_episodes','2026-11-22 08:26:47.954454+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'porras','m003_units','2026-11-22 09:19:14.744290+00:00');
CREATE TABLE answers (
    id TEXT PRIMARY KEY NOT NULL,
    assessment_id TEXT NOT NULL REFERENCES assessments (id),
    seq INTEGER NOT NULL CHECK (seq > 0),
    question TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('given', 'skipped', 'withdrawn')),
    value TEXT CHECK (json_valid(value)),
    why TEXT,
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
    "by" TEXT NOT NULL REFERENCES workers (id),
    supersedes TEXT UNIQUE, origin TEXT CHECK (origin = 'episode'),
    UNIQUE (assessment_id, seq),
    UNIQUE (assessment_id, question, id),
    FOREIGN KEY (assessment_id, question, supersedes)
        REFERENCES answers (assessment_id, question, id),
    CHECK ((state = 'given') = (value IS NOT NULL))
) STRICT;
INSERT INTO "answers" VALUES('01a1f7f8-c858-7000-8f31-973562be1331','01a1f7f8-b0e8-7000-9886-e566ab9122ed',1,'q1','given','1',NULL,'2026-11-20T08:00:40.000Z','01a1f7f8-33e8-7000-8ef3-6191dbcaff2f',NULL,NULL);
INSERT INTO "answers" VALUES('01a1f7f8-d410-7000-9fa0-29619fc5b894','01a1f7f8-b0e8-7000-9886-e566ab9122ed',2,'q1','given','2',NULL,'2026-11-20T08:00:43.000Z','01a1f7f8-33e8-7000-8ef3-6191dbcaff2f','01a1f7f8-c858-7000-8f31-973562be1331',NULL);
INSERT INTO "answers" VALUES('01a1f7f9-8f90-7000-a5f1-c2acb1036192','01a1f7f9-83d8-7000-a83a-b3bd2248b554',1,'q1','given','3',NULL,'2026-11-20T08:01:31.000Z','01a1f7f8-33e8-7000-8ef3-6191dbcaff2f',NULL,NULL);
CREATE TABLE assessments (
    id TEXT PRIMARY KEY NOT NULL,
    seq INTEGER NOT NULL UNIQUE CHECK (seq > 0),
    client_id TEXT NOT NULL REFERENCES clients (id),
    pathway_digest TEXT NOT NULL REFERENCES pathways (digest),
    setting TEXT NOT NULL,
    language TEXT NOT NULL,
    started_at TEXT NOT NULL CHECK (started_at GLOB '????-??-??T??:??:??.???Z'),
    started_by TEXT NOT NULL REFERENCES workers (id)
) STRICT;
INSERT INTO "assessments" VALUES('01a1f7f8-b0e8-7000-9886-e566ab9122ed',1,'01a1f7f8-4388-7000-8768-b2cd19b0b147','sha256:11aa','clinic','fi','2026-11-20T08:00:34.000Z','01a1f7f8-33e8-7000-8ef3-6191dbcaff2f');
INSERT INTO "assessments" VALUES('01a1f7f9-7050-7000-8cf0-bbd0554af40d',2,'01a1f7f8-5328-7000-986e-0f7356c8efde','sha256:11aa','clinic','fi','2026-11-20T08:01:23.000Z','01a1f7f8-33e8-7000-8ef3-6191dbcaff2f');
INSERT INTO "assessments" VALUES('01a1f7f9-83d8-7000-a83a-b3bd2248b554',3,'01a1f7f8-5328-7000-986e-0f7356c8efde','sha256:11aa','clinic','fi','2026-11-20T08:01:28.000Z','01a1f7f8-33e8-7000-8ef3-6191dbcaff2f');
INSERT INTO "assessments" VALUES('01a1f7f9-9b48-7000-bd96-c30446fc86ba',4,'01a1f7f8-62c8-7000-908d-0297ba5d27b3','sha256:11aa','clinic','fi','2026-11-20T08:01:34.000Z','01a1f7f8-33e8-7000-8ef3-6191dbcaff2f');
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY NOT NULL CHECK (seq > 0),
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
    actor TEXT NOT NULL,
    event TEXT NOT NULL,
    subject TEXT NOT NULL,
    digest TEXT NOT NULL CHECK (length(digest) = 64),
    prev TEXT NOT NULL CHECK (length(prev) = 64),
    hash TEXT NOT NULL CHECK (length(hash) = 64)
) STRICT;
INSERT INTO "audit" VALUES(1,'2026-11-20T08:00:03.000Z','nurse-1','worker.added','01a1f7f8-33e8-7000-8ef3-6191dbcaff2f','ee9cc2a7a76c281d636a17e89516c9f6fb8bf69e87d1071aff8599e8f425b536','0000000000000000000000000000000000000000000000000000000000000000','3ac6ece67f1742790789fc280ff908409b018151b201af1d3ef4d8d048c92f5f');
INSERT INTO "audit" VALUES(2,'2026-11-20T08:00:04.000Z','nurse-1','session.opened','01a1f7f8-33e8-7000-8ef3-6191dbcaff2f','e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855','3ac6ece67f1742790789fc280ff908409b018151b201af1d3ef4d8d048c92f5f','bd2c897981cf1a0ac0e6628c52e4a89f60f550176697481ff8b688b71fa4acb5');
INSERT INTO "audit" VALUES(3,'2026-11-20T08:00:08.000Z','nurse-1','client.added','01a1f7f8-4388-7000-8768-b2cd19b0b147','680f3a87c56e063335b7e98ca033ea81aca3fbefcc31deac7858cb18f0ab47b7','bd2c897981cf1a0ac0e6628c52e4a89f60f550176697481ff8b688b71fa4acb5','908f61c633a629679e8dce4fdad47e79894b9ba5c81438bc3594c6d9f2133f3e');
INSERT INTO "audit" VALUES(4,'2026-11-20T08:00:12.000Z','nurse-1','client.added','01a1f7f8-5328-7000-986e-0f7356c8efde','88102b0e7cfc7a515da227d2a27178c4649b7a36ec0920333d6b375821baf864','908f61c633a629679e8dce4fdad47e79894b9ba5c81438bc3594c6d9f2133f3e','454d50a74098674648fdd07786c74880ba6230a223a5b8d8d9ba3b7c9950db45');
INSERT INTO "audit" VALUES(5,'2026-11-20T08:00:16.000Z','nurse-1','client.added','01a1f7f8-62c8-7000-908d-0297ba5d27b3','a7adc882155e6b82b97b3201f9f5c9399ae47b955086aac89033609208aeea82','454d50a74098674648fdd07786c74880ba6230a223a5b8d8d9ba3b7c9950db45','851c0c81e62e85d6dea9a1e069c7bce9e2765c529e5fea190b8886d3637f5967');
INSERT INTO "audit" VALUES(6,'2026-11-20T08:00:17.000Z','nurse-1','setting.changed','municipality','b789cd253587d7c9148409b44a8913fa6fd95fba660edb78e4bc03296b74f830','851c0c81e62e85d6dea9a1e069c7bce9e2765c529e5fea190b8886d3637f5967','2404c870fb7e0897df7f6c5286e179fd1c9a85b3a659c78cff185758cd3ed5c7');
INSERT INTO "audit" VALUES(7,'2026-11-20T08:00:20.000Z','nurse-1','episode.begun','01a1f7f8-7650-7000-b1c4-5d03a7c29f3e','9b4b4fcd2849bf772a88e6db7dc2178a48869c73e1da89d87d91cd9b7aa3be62','2404c870fb7e0897df7f6c5286e179fd1c9a85b3a659c78cff185758cd3ed5c7','84930419de7d62cea4764b11b6cb8d92769ebc76997a4228cc2817a56b142e1a');
INSERT INTO "audit" VALUES(8,'2026-11-20T08:00:23.000Z','nurse-1','event.opened','01a1f7f8-8208-7000-9c0c-e337ce198997','72c04d2d4ea7732be2b41430171b6e43a376101d052bd67bdee5a9e237f567e9','84930419de7d62cea4764b11b6cb8d92769ebc76997a4228cc2817a56b142e1a','0134cf1b75ae2a03468d5fc42339eb7306e5c16df9df0b341c988135f52347e8');
INSERT INTO "audit" VALUES(9,'2026-11-20T08:00:26.000Z','nurse-1','event.closed','01a1f7f8-8dc0-7000-a4f4-28fd9974399c','cc142459c1785cc50a90ccd3679381c7f7616cb1ecc4f61e1e20d28b868dd533','0134cf1b75ae2a03468d5fc42339eb7306e5c16df9df0b341c988135f52347e8','b9ef115ed7ad409fb7ed44eb03c62b82cb85cd404c6d0b076b0b9a0e770f8df3');
INSERT INTO "audit" VALUES(10,'2026-11-20T08:00:29.000Z','nurse-1','episode.begun','01a1f7f8-9978-7000-bafc-c2fbb2357869','983347e3ad0f7814457857879fa28bab0d748b1f47f0a9b0c67c6814335225ef','b9ef115ed7ad409fb7ed44eb03c62b82cb85cd404c6d0b076b0b9a0e770f8df3','63bd4e8a5d9c6b8a4e3d85e447fed453578f7d7946e3de624c3d1fa979e67259');
INSERT INTO "audit" VALUES(11,'2026-11-20T08:00:32.000Z','nurse-1','event.opened','01a1f7f8-a530-7000-ac2b-8e3af80e3776','56696e7fd72320a28c9ec4ebf0a8ec53882ca9da8f23847986b08c35ef5379fa','63bd4e8a5d9c6b8a4e3d85e447fed453578f7d7946e3de624c3d1fa979e67259','7816243667e5dbd5efbce03da389d6df8290c45fb37565ba244a49716aa7ae72');
INSERT INTO "audit" VALUES(12,'2026-11-20T08:00:35.000Z','nurse-1','pathway.kept','sha256:11aa','595fca53b35aa6cceb6e79356e66498af52564fd12c9741254023427d71ed6fc','7816243667e5dbd5efbce03da389d6df8290c45fb37565ba244a49716aa7ae72','3534d33acc3b9b9b11253958ee67b987ffbebdbb9ad608e290d3cedf79dc51c5');
INSERT INTO "audit" VALUES(13,'2026-11-20T08:00:36.000Z','nurse-1','assessment.started','01a1f7f8-b0e8-7000-9886-e566ab9122ed','5d1a86f22199d4d8d0cf7ee4904b3a56312659def20820760d495e3858ee2738','3534d33acc3b9b9b11253958ee67b987ffbebdbb9ad608e290d3cedf79dc51c5','27f9493b683a34896175caccef04ed51f375ce97ffa5b65f4acc2c321e60674a');
INSERT INTO "audit" VALUES(14,'2026-11-20T08:00:38.000Z','nurse-1','attachment.made','01a1f7f8-b0e8-7000-9886-e566ab9122ed','856d1da19a7f8db49e5735391f33750424a6cd1713541c22fce8365743c9db38','27f9493b683a34896175caccef04ed51f375ce97ffa5b65f4acc2c321e60674a','48181f3f0582c07a3b23b4105889c74dde27da54f380398be9953788e8298870');
INSERT INTO "audit" VALUES(15,'2026-11-20T08:00:41.000Z','nurse-1','answer.given','01a1f7f8-c858-7000-8f31-973562be1331','663b0dfc471e56364798301dcd1ae32084afc36795d1b01f5c84c3411531656a','48181f3f0582c07a3b23b4105889c74dde27da54f380398be9953788e8298870','5d0336708557ecc50bac329e32f4917147354b8b3fe76360e40f5e53ec686acd');
INSERT INTO "audit" VALUES(16,'2026-11-20T08:00:44.000Z','nurse-1','answer.given','01a1f7f8-d410-7000-9fa0-29619fc5b894','2c6da1ea1b50d44f9bf9097bd68b06ef44f1dfcc597c3f56c0d12c63b00b719c','5d0336708557ecc50bac329e32f4917147354b8b3fe76360e40f5e53ec686acd','683d75afeeeb834a26e6987dcd9072a9b98e13c6e32a88ce0290232d11709ce6');
INSERT INTO "audit" VALUES(17,'2026-11-20T08:00:47.000Z','nurse-1','note.added','01a1f7f8-dfc8-7000-894d-cf2a15d64e60','a2d77c22b3f7d2dd234bc9e225f2b59a331c9ceca53fc0e3d759b93d2b7f062e','683d75afeeeb834a26e6987dcd9072a9b98e13c6e32a88ce0290232d11709ce6','27a87fbaa5aa370c809dc1a1bea779e39d4a86584475ee160da29222675c6b6e');
INSERT INTO "audit" VALUES(18,'2026-11-20T08:00:50.000Z','nurse-1','safety.recorded','01a1f7f8-eb80-7000-89fd-5ae8ed9dc033','852e49842d3e30691168350baec39cf002baa03f9c574bba42d7dd4e2b850937','27a87fbaa5aa370c809dc1a1bea779e39d4a86584475ee160da29222675c6b6e','4f3cf16a8f169902ac079bb75c07fca58bfbaaa80d191328a7a953a2630ed05f');
INSERT INTO "audit" VALUES(19,'2026-11-20T08:00:53.000Z','nurse-1','decision.confirmed','01a1f7f8-f738-7000-a53f-ff8d177884a9','2314ab9dce002aedcf10d24f6aae07fedc03165da9449075de922c780f2813cf','4f3cf16a8f169902ac079bb75c07fca58bfbaaa80d191328a7a953a2630ed05f','b1e63442ef24d9dbca0cc18a76433cee6b9e6f684b56452bf669aee9810bf1a1');
INSERT INTO "audit" VALUES(20,'2026-11-20T08:00:57.000Z','nurse-1','event.measured','01a1f7f9-06d8-7000-8ce0-f11d45c909f3','500c61f099ce3e88b61ab8bb093e1c08097aaf1a9e5a97a0b975cfb2f9decb62','b1e63442ef24d9dbca0cc18a76433cee6b9e6f684b56452bf669aee9810bf1a1','a5b8653be528a0de2c178078a67822f19f5c02595c0928511f2f2216e9eaad91');
INSERT INTO "audit" VALUES(21,'2026-11-20T08:01:00.000Z','nurse-1','event.next_contact','01a1f7f9-1290-7000-8ef4-2a0d568d9288','e4e094787b63ee80c7013ac8ec953a2106060637e631f19296102467c6ef547f','a5b8653be528a0de2c178078a67822f19f5c02595c0928511f2f2216e9eaad91','d71dfd76eba806158c29facb6a1252dd2ca9d62c4f833d7a124ff9d4343a40af');
INSERT INTO "audit" VALUES(22,'2026-11-20T08:01:03.000Z','nurse-1','event.track','01a1f7f9-1e48-7000-9d70-5819529758de','c87e89097a1a17e2c339a3084881bae4eb73020278844e10c5ce03c9feb60afa','d71dfd76eba806158c29facb6a1252dd2ca9d62c4f833d7a124ff9d4343a40af','1da0a96b2237d3c926cea03f44b9284bc450ed05db7409233244fb0f9b90b504');
INSERT INTO "audit" VALUES(23,'2026-11-20T08:01:06.000Z','nurse-1','episode.begun','01a1f7f9-2a00-7000-9583-705cdb00c2ce','f6cbf9ce8d55433b1a82cf544986b3ce634c27cc1e54d33b99b626f052beb014','1da0a96b2237d3c926cea03f44b9284bc450ed05db7409233244fb0f9b90b504','d02038f4b40ec53e26c68f4850eaebd72496d71767ce46bffa229cc96363d395');
INSERT INTO "audit" VALUES(24,'2026-11-20T08:01:09.000Z','nurse-1','event.opened','01a1f7f9-35b8-7000-b884-ca66bd9778b9','33ae4c3f81e1fbfdf98bc04cd91dca4685d043df0b69d90545517d1fc61cce1f','d02038f4b40ec53e26c68f4850eaebd72496d71767ce46bffa229cc96363d395','41019c990fc86bc1977da2e38a9ecadcabcce4eab53fd719bde35c053a696ac4');
INSERT INTO "audit" VALUES(25,'2026-11-20T08:01:12.000Z','nurse-1','event.need_established','01a1f7f9-4170-7000-8e3e-b6c601bc961a','fb1a229ee7e003ab7ce8fae932a2fa1fa1b5730ec0233e3d9815981ddb8f92ee','41019c990fc86bc1977da2e38a9ecadcabcce4eab53fd719bde35c053a696ac4','ce21a4da56d6fbf72e3ef4fad134087aea3af3ab3b7340d22b8a487751accc9a');
INSERT INTO "audit" VALUES(26,'2026-11-20T08:01:15.000Z','nurse-1','event.period_started','01a1f7f9-4d28-7000-99a4-87fb2dce00bb','62e8d977fb38d88c19165562b05e5b31e908f95c20d8d7723022b27d1d5ee9ba','ce21a4da56d6fbf72e3ef4fad134087aea3af3ab3b7340d22b8a487751accc9a','e913dc46639e6a66f67e349cab0628404ffdc6589acbd01623fb21f6d48050e5');
INSERT INTO "audit" VALUES(27,'2026-11-20T08:01:18.000Z','nurse-1','event.contact','01a1f7f9-58e0-7000-9e17-3256f36c9ac7','4e7f212297697469ec36779c0bafb1cf05c7dcc7e7e306cc8871915d5d2525b1','e913dc46639e6a66f67e349cab0628404ffdc6589acbd01623fb21f6d48050e5','7e7cc462a0de8246c969e830582b3fda70bc73512344447f6467a681df392a95');
INSERT INTO "audit" VALUES(28,'2026-11-20T08:01:21.000Z','nurse-1','event.contact','01a1f7f9-6498-7000-ac41-a801c2d90d5f','be37e52639ed1f521f75fe21c4ae1c0c25be93ed349d3d3afc548db086ae9fde','7e7cc462a0de8246c969e830582b3fda70bc73512344447f6467a681df392a95','0a256a9baf3deb2a28b026ffb30f8dcd997240d6c54ee260d9962fe7d4404430');
INSERT INTO "audit" VALUES(29,'2026-11-20T08:01:24.000Z','nurse-1','assessment.started','01a1f7f9-7050-7000-8cf0-bbd0554af40d','395410e52e3eacf3855d6c88f02355f37b43b2b1f24121de0873f0c7d32f6538','0a256a9baf3deb2a28b026ffb30f8dcd997240d6c54ee260d9962fe7d4404430','379b5b5c6d5d038d1016fa98fe16855739259b9d7a23fa6d742a89b2f7a0cc9d');
INSERT INTO "audit" VALUES(30,'2026-11-20T08:01:26.000Z','nurse-1','closing.abandoned','01a1f7f9-7050-7000-8cf0-bbd0554af40d','d57a6335581e0689adc47d2f2399121671ef355fef702346bf8e6af0a4c4f683','379b5b5c6d5d038d1016fa98fe16855739259b9d7a23fa6d742a89b2f7a0cc9d','34579ad16b2084fc6c998d47ad8045d06ae35f16d037e5ddd1662785b6544bbc');
INSERT INTO "audit" VALUES(31,'2026-11-20T08:01:29.000Z','nurse-1','assessment.started','01a1f7f9-83d8-7000-a83a-b3bd2248b554','b3bdfe18a9968ff7f35042ce2f1a594e13a6305bcb1f1c57a0e60eae1dd681a7','34579ad16b2084fc6c998d47ad8045d06ae35f16d037e5ddd1662785b6544bbc','4165bdc964d88454d535c89b7a0768b9a4894e53adb98b47401410c82e11b197');
INSERT INTO "audit" VALUES(32,'2026-11-20T08:01:32.000Z','nurse-1','answer.given','01a1f7f9-8f90-7000-a5f1-c2acb1036192','85e6bb565c69da66e197bf2a154bb581c663e38efdb0cc0c8e19e36fbea9be50','4165bdc964d88454d535c89b7a0768b9a4894e53adb98b47401410c82e11b197','c2cacfe15664da98c42b5d074b36bdab9857c310ca2974b87c7b0109f398e9a9');
INSERT INTO "audit" VALUES(33,'2026-11-20T08:01:35.000Z','nurse-1','assessment.started','01a1f7f9-9b48-7000-bd96-c30446fc86ba','efc4b78a9f60daa093b3dfd53729d2721edb1b1d3bfbf76d562d5c13f0754bc4','c2cacfe15664da98c42b5d074b36bdab9857c310ca2974b87c7b0109f398e9a9','94008cf022c1e084b1177492737563d1de7272a1831ed747756fb6af6004ff03');
INSERT INTO "audit" VALUES(34,'2026-11-20T08:01:37.000Z','nurse-1','attachment.made','01a1f7f9-9b48-7000-bd96-c30446fc86ba','712b28b9da3c97501ff9a1fc6301f9fdf0e89a7e451cc90e4c1781080881f9aa','94008cf022c1e084b1177492737563d1de7272a1831ed747756fb6af6004ff03','dbf33c8f3694cadac0846d4de0bfc9f00c501b13e4c76063a7f8953a58575e75');
INSERT INTO "audit" VALUES(35,'2026-11-21T08:00:01.000Z','nurse-1','session.opened','01a1f7f8-33e8-7000-8ef3-6191dbcaff2f','e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855','dbf33c8f3694cadac0846d4de0bfc9f00c501b13e4c76063a7f8953a58575e75','7957ffc99acf41224952d9ecc17dac91c570fc507ba5620518d37de463d7d10b');
INSERT INTO "audit" VALUES(36,'2026-11-21T08:00:04.000Z','nurse-1','unit.named','01a1fd1e-93d0-7000-ba01-a39ac4faf90d','29a07638d861648dd80c1dcb61806e799efd9495c1cf1245f55b19617795b12d','7957ffc99acf41224952d9ecc17dac91c570fc507ba5620518d37de463d7d10b','f8cecab4710a5a64a81b5f5960dc0eef18b736bbb1d212ab5420c13a47269b38');
CREATE TABLE clients (
    id TEXT PRIMARY KEY NOT NULL,
    code TEXT NOT NULL UNIQUE CHECK (length(code) = 8),
    birth_year INTEGER NOT NULL CHECK (birth_year BETWEEN 1900 AND 2100),
    sex TEXT CHECK (sex IN ('f', 'm', 'x')),
    language TEXT NOT NULL,
    municipality TEXT,
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.???Z'),
    created_by TEXT NOT NULL REFERENCES workers (id)
) STRICT;
INSERT INTO "clients" VALUES('01a1f7f8-4388-7000-8768-b2cd19b0b147','TREENAAM',1980,'f','fi','hollola','2026-11-20T08:00:07.000Z','01a1f7f8-33e8-7000-8ef3-6191dbcaff2f');
INSERT INTO "clients" VALUES('01a1f7f8-5328-7000-986e-0f7356c8efde','TREENABK',1990,NULL,'sv',NULL,'2026-11-20T08:00:11.000Z','01a1f7f8-33e8-7000-8ef3-6191dbcaff2f');
INSERT INTO "clients" VALUES('01a1f7f8-62c8-7000-908d-0297ba5d27b3','TREENACR',2006,NULL,'fi','asikkala','2026-11-20T08:00:15.000Z','01a1f7f8-33e8-7000-8ef3-6191dbcaff2f');
CREATE TABLE closings (
    assessment_id TEXT PRIMARY KEY NOT NULL REFERENCES assessments (id),
    kind TEXT NOT NULL CHECK (kind IN ('abandoned')),
    why TEXT NOT NULL,
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
    "by" TEXT NOT NULL REFERENCES workers (id)
) STRICT;
INSERT INTO "closings" VALUES('01a1f7f9-7050-7000-8cf0-bbd0554af40d','abandoned','client left','2026-11-20T08:01:25.000Z','01a1f7f8-33e8-7000-8ef3-6191dbcaff2f');
CREATE TABLE decisions (
    id TEXT PRIMARY KEY NOT NULL,
    assessment_id TEXT NOT NULL UNIQUE REFERENCES assessments (id),
    decision TEXT NOT NULL CHECK (json_valid(decision)),
    suggested_step INTEGER,
    confirmed_step INTEGER,
    reason_code TEXT,
    reason_text TEXT CHECK (length(reason_text) <= 500),
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
    "by" TEXT NOT NULL REFERENCES workers (id),
    CHECK (confirmed_step IS suggested_step OR reason_code IS NOT NULL)
) STRICT;
INSERT INTO "decisions" VALUES('01a1f7f8-f738-7000-a53f-ff8d177884a9','01a1f7f8-b0e8-7000-9886-e566ab9122ed','{"decision": {"scores": {"phq9.total": 14}}}',1,1,NULL,NULL,'2026-11-20T08:00:52.000Z','01a1f7f8-33e8-7000-8ef3-6191dbcaff2f');
CREATE TABLE drafts (
    assessment_id TEXT PRIMARY KEY NOT NULL REFERENCES assessments (id)
) STRICT;
INSERT INTO "drafts" VALUES('01a1f7f9-83d8-7000-a83a-b3bd2248b554');
INSERT INTO "drafts" VALUES('01a1f7f9-9b48-7000-bd96-c30446fc86ba');
CREATE TABLE episode_assessments (
    assessment_id TEXT PRIMARY KEY NOT NULL REFERENCES assessments (id),
    episode_id TEXT NOT NULL REFERENCES episodes (id),
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
    "by" TEXT NOT NULL REFERENCES workers (id)
) STRICT;
INSERT INTO "episode_assessments" VALUES('01a1f7f8-b0e8-7000-9886-e566ab9122ed','01a1f7f8-9978-7000-bafc-c2fbb2357869','2026-11-20T08:00:37.000Z','01a1f7f8-33e8-7000-8ef3-6191dbcaff2f');
INSERT INTO "episode_assessments" VALUES('01a1f7f9-9b48-7000-bd96-c30446fc86ba','01a1f7f9-2a00-7000-9583-705cdb00c2ce','2026-11-20T08:01:36.000Z','01a1f7f8-33e8-7000-8ef3-6191dbcaff2f');
CREATE TABLE episode_events (
    id TEXT PRIMARY KEY NOT NULL,
    episode_id TEXT NOT NULL REFERENCES episodes (id),
    seq INTEGER NOT NULL CHECK (seq > 0),
    kind TEXT NOT NULL,
    day TEXT NOT NULL CHECK (day GLOB '????-??-??'),
    event TEXT NOT NULL CHECK (json_valid(event)),
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
    "by" TEXT NOT NULL REFERENCES workers (id),
    supersedes TEXT UNIQUE,
    UNIQUE (episode_id, seq),
    UNIQUE (episode_id, id),
    FOREIGN KEY (episode_id, supersedes) REFERENCES episode_events (episode_id, id),
    CHECK (kind IS json_extract(event, '$.kind') AND day IS json_extract(event, '$.day'))
) STRICT;
INSERT INTO "episode_events" VALUES('01a1f7f8-8208-7000-9c0c-e337ce198997','01a1f7f8-7650-7000-b1c4-5d03a7c29f3e',1,'opened','2026-06-01','{"day":"2026-06-01","kind":"opened"}','2026-11-20T08:00:22.000Z','01a1f7f8-33e8-7000-8ef3-6191dbcaff2f',NULL);
INSERT INTO "episode_events" VALUES('01a1f7f8-8dc0-7000-a4f4-28fd9974399c','01a1f7f8-7650-7000-b1c4-5d03a7c29f3e',2,'closed','2026-09-01','{"day":"2026-09-01","kind":"closed","how":"recovered"}','2026-11-20T08:00:25.000Z','01a1f7f8-33e8-7000-8ef3-6191dbcaff2f',NULL);
INSERT INTO "episode_events" VALUES('01a1f7f8-a530-7000-ac2b-8e3af80e3776','01a1f7f8-9978-7000-bafc-c2fbb2357869',1,'opened','2026-11-01','{"day":"2026-11-01","kind":"opened"}','2026-11-20T08:00:31.000Z','01a1f7f8-33e8-7000-8ef3-6191dbcaff2f',NULL);
INSERT INTO "episode_events" VALUES('01a1f7f9-06d8-7000-8ce0-f11d45c909f3','01a1f7f8-9978-7000-bafc-c2fbb2357869',2,'measured','2026-11-20','{"day":"2026-11-20","kind":"measured","assessment":"01a1f7f8-b0e8-7000-9886-e566ab9122ed","step":1,"scores":{"phq9.total":14}}','2026-11-20T08:00:56.000Z','01a1f7f8-33e8-7000-8ef3-6191dbcaff2f',NULL);
INSERT INTO "episode_events" VALUES('01a1f7f9-1290-7000-8ef4-2a0d568d9288','01a1f7f8-9978-7000-bafc-c2fbb2357869',3,'next_contact','2026-11-20','{"day":"2026-11-20","kind":"next_contact","due":"2026-11-21"}','2026-11-20T08:00:59.000Z','01a1f7f8-33e8-7000-8ef3-6191dbcaff2f',NULL);
INSERT INTO "episode_events" VALUES('01a1f7f9-1e48-7000-9d70-5819529758de','01a1f7f8-9978-7000-bafc-c2fbb2357869',4,'track','2026-11-10','{"day":"2026-11-10","kind":"track","track":"work_ability","what":"planned","review_on":"2026-11-19"}','2026-11-20T08:01:02.000Z','01a1f7f8-33e8-7000-8ef3-6191dbcaff2f',NULL);
INSERT INTO "episode_events" VALUES('01a1f7f9-35b8-7000-b884-ca66bd9778b9','01a1f7f9-2a00-7000-9583-705cdb00c2ce',1,'opened','2026-11-02','{"day":"2026-11-02","kind":"opened"}','2026-11-20T08:01:08.000Z','01a1f7f8-33e8-7000-8ef3-6191dbcaff2f',NULL);
INSERT INTO "episode_events" VALUES('01a1f7f9-4170-7000-8e3e-b6c601bc961a','01a1f7f9-2a00-7000-9583-705cdb00c2ce',2,'need_established','2026-11-02','{"day":"2026-11-02","kind":"need_established"}','2026-11-20T08:01:11.000Z','01a1f7f8-33e8-7000-8ef3-6191dbcaff2f',NULL);
INSERT INTO "episode_events" VALUES('01a1f7f9-4d28-7000-99a4-87fb2dce00bb','01a1f7f9-2a00-7000-9583-705cdb00c2ce',3,'period_started','2026-11-03','{"day":"2026-11-03","kind":"period_started","period":"p1","intervention":"guided","measuring":{"every":1,"after_months":[3]}}','2026-11-20T08:01:14.000Z','01a1f7f8-33e8-7000-8ef3-6191dbcaff2f',NULL);
INSERT INTO "episode_events" VALUES('01a1f7f9-58e0-7000-9e17-3256f36c9ac7','01a1f7f9-2a00-7000-9583-705cdb00c2ce',4,'contact','2026-11-04','{"day":"2026-11-04","kind":"contact","period":"p1"}','2026-11-20T08:01:17.000Z','01a1f7f8-33e8-7000-8ef3-6191dbcaff2f',NULL);
INSERT INTO "episode_events" VALUES('01a1f7f9-6498-7000-ac41-a801c2d90d5f','01a1f7f9-2a00-7000-9583-705cdb00c2ce',5,'contact','2026-11-05','{"day":"2026-11-05","kind":"contact","period":"p1"}','2026-11-20T08:01:20.000Z','01a1f7f8-33e8-7000-8ef3-6191dbcaff2f','01a1f7f9-58e0-7000-9e17-3256f36c9ac7');
CREATE TABLE episodes (
    id TEXT PRIMARY KEY NOT NULL,
    seq INTEGER NOT NULL UNIQUE CHECK (seq > 0),
    client_id TEXT NOT NULL REFERENCES clients (id),
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.???Z'),
    created_by TEXT NOT NULL REFERENCES workers (id)
) STRICT;
INSERT INTO "episodes" VALUES('01a1f7f8-7650-7000-b1c4-5d03a7c29f3e',1,'01a1f7f8-5328-7000-986e-0f7356c8efde','2026-11-20T08:00:19.000Z','01a1f7f8-33e8-7000-8ef3-6191dbcaff2f');
INSERT INTO "episodes" VALUES('01a1f7f8-9978-7000-bafc-c2fbb2357869',2,'01a1f7f8-4388-7000-8768-b2cd19b0b147','2026-11-20T08:00:28.000Z','01a1f7f8-33e8-7000-8ef3-6191dbcaff2f');
INSERT INTO "episodes" VALUES('01a1f7f9-2a00-7000-9583-705cdb00c2ce',3,'01a1f7f8-62c8-7000-908d-0297ba5d27b3','2026-11-20T08:01:05.000Z','01a1f7f8-33e8-7000-8ef3-6191dbcaff2f');
CREATE TABLE notes (
    id TEXT PRIMARY KEY NOT NULL,
    assessment_id TEXT NOT NULL REFERENCES assessments (id),
    question TEXT NOT NULL,
    text TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 500),
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
    "by" TEXT NOT NULL REFERENCES workers (id)
) STRICT;
INSERT INTO "notes" VALUES('01a1f7f8-dfc8-7000-894d-cf2a15d64e60','01a1f7f8-b0e8-7000-9886-e566ab9122ed','q1','tired','2026-11-20T08:00:46.000Z','01a1f7f8-33e8-7000-8ef3-6191dbcaff2f');
CREATE TABLE pathways (
    digest TEXT PRIMARY KEY NOT NULL,
    pathway_id TEXT NOT NULL,
    version TEXT NOT NULL,
    files TEXT NOT NULL CHECK (json_valid(files))
) STRICT;
INSERT INTO "pathways" VALUES('sha256:11aa','adult','1.0.0','{"rules.toml": "id = ''ä''"}');
CREATE TABLE safety (
    id TEXT PRIMARY KEY NOT NULL,
    assessment_id TEXT NOT NULL REFERENCES assessments (id),
    stop TEXT NOT NULL,
    card TEXT NOT NULL,
    step TEXT NOT NULL,
    done INTEGER NOT NULL CHECK (done IN (0, 1)),
    why_not TEXT,
    recorder TEXT NOT NULL,
    answers_seq INTEGER NOT NULL,
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
    supersedes TEXT UNIQUE,
    UNIQUE (assessment_id, stop, card, step, id),
    FOREIGN KEY (assessment_id, stop, card, step, supersedes)
        REFERENCES safety (assessment_id, stop, card, step, id),
    CHECK ((done = 0) = (why_not IS NOT NULL))
) STRICT;
INSERT INTO "safety" VALUES('01a1f7f8-eb80-7000-89fd-5ae8ed9dc033','01a1f7f8-b0e8-7000-9886-e566ab9122ed','suicide','card','call',1,NULL,'nurse-1',2,'2026-11-20T08:00:49.000Z',NULL);
CREATE TABLE settings (
    key TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT;
INSERT INTO "settings" VALUES('municipality','hollola');
CREATE TABLE worker_units (
    id TEXT PRIMARY KEY NOT NULL,
    worker TEXT NOT NULL REFERENCES workers (id),
    unit TEXT NOT NULL CHECK (length(unit) BETWEEN 1 AND 40),
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.???Z'),
    "by" TEXT NOT NULL REFERENCES workers (id)
) STRICT;
INSERT INTO "worker_units" VALUES('01a1fd1e-93d0-7000-ba01-a39ac4faf90d','01a1f7f8-33e8-7000-8ef3-6191dbcaff2f','Lahden sote-keskus','2026-11-21T08:00:03.000Z','01a1f7f8-33e8-7000-8ef3-6191dbcaff2f');
CREATE TABLE workers (
    id TEXT PRIMARY KEY NOT NULL,
    handle TEXT NOT NULL UNIQUE CHECK (length(handle) BETWEEN 2 AND 16),
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.???Z')
) STRICT;
INSERT INTO "workers" VALUES('01a1f7f8-33e8-7000-8ef3-6191dbcaff2f','nurse-1','2026-11-20T08:00:02.000Z');
CREATE TABLE worklist (
    kind TEXT NOT NULL
        CHECK (kind IN ('open_stop', 'next_contact', 'measurement', 'review', 'guarantee',
                        'unconfirmed', 'draft', 'no_next_contact')),
    assessment_id TEXT UNIQUE REFERENCES assessments (id),
    episode_id TEXT REFERENCES episodes (id),
    client_id TEXT NOT NULL REFERENCES clients (id),
    municipality TEXT,
    unit TEXT,
    worker TEXT NOT NULL REFERENCES workers (id),
    since TEXT NOT NULL,
    due TEXT CHECK (due GLOB '????-??-??'),
    paused_from TEXT CHECK (paused_from GLOB '????-??-??'),
    about TEXT,
    rank INTEGER NOT NULL AS (
        CASE kind WHEN 'open_stop' THEN 0
                  WHEN 'next_contact' THEN 1
                  WHEN 'measurement' THEN 1
                  WHEN 'review' THEN 1
                  WHEN 'guarantee' THEN 2 + (paused_from IS NOT NULL)
                  WHEN 'unconfirmed' THEN 4
                  WHEN 'draft' THEN 5
                  ELSE 6 END),
    place TEXT NOT NULL AS (coalesce(due, since)),
    waits_from TEXT NOT NULL AS (
        CASE kind WHEN 'next_contact' THEN date(due, '+1 day')
                  WHEN 'measurement' THEN due
                  WHEN 'review' THEN due
                  ELSE '' END),
    CHECK ((kind IN ('open_stop', 'unconfirmed', 'draft')) = (assessment_id IS NOT NULL)),
    CHECK ((kind IN ('next_contact', 'measurement', 'review', 'guarantee')) = (due IS NOT NULL)),
    CHECK (assessment_id IS NOT NULL OR episode_id IS NOT NULL)
) STRICT;
INSERT INTO "worklist" VALUES('open_stop','01a1f7f9-83d8-7000-a83a-b3bd2248b554',NULL,'01a1f7f8-5328-7000-986e-0f7356c8efde',NULL,'Lahden sote-keskus','01a1f7f8-33e8-7000-8ef3-6191dbcaff2f','2026-11-20T08:01:28.000Z',NULL,NULL,NULL);
INSERT INTO "worklist" VALUES('draft','01a1f7f9-9b48-7000-bd96-c30446fc86ba','01a1f7f9-2a00-7000-9583-705cdb00c2ce','01a1f7f8-62c8-7000-908d-0297ba5d27b3','asikkala','Lahden sote-keskus','01a1f7f8-33e8-7000-8ef3-6191dbcaff2f','2026-11-20T08:01:34.000Z',NULL,NULL,NULL);
INSERT INTO "worklist" VALUES('next_contact',NULL,'01a1f7f8-9978-7000-bafc-c2fbb2357869','01a1f7f8-4388-7000-8768-b2cd19b0b147','hollola','Lahden sote-keskus','01a1f7f8-33e8-7000-8ef3-6191dbcaff2f','2026-11-20','2026-11-21',NULL,NULL);
INSERT INTO "worklist" VALUES('review',NULL,'01a1f7f8-9978-7000-bafc-c2fbb2357869','01a1f7f8-4388-7000-8768-b2cd19b0b147','hollola','Lahden sote-keskus','01a1f7f8-33e8-7000-8ef3-6191dbcaff2f','2026-11-10','2026-11-19',NULL,'work_ability');
INSERT INTO "worklist" VALUES('no_next_contact',NULL,'01a1f7f9-2a00-7000-9583-705cdb00c2ce','01a1f7f8-62c8-7000-908d-0297ba5d27b3','asikkala','Lahden sote-keskus','01a1f7f8-33e8-7000-8ef3-6191dbcaff2f','2026-11-05',NULL,NULL,NULL);
INSERT INTO "worklist" VALUES('measurement',NULL,'01a1f7f9-2a00-7000-9583-705cdb00c2ce','01a1f7f8-62c8-7000-908d-0297ba5d27b3','asikkala','Lahden sote-keskus','01a1f7f8-33e8-7000-8ef3-6191dbcaff2f','2026-11-02','2026-11-05',NULL,'contact');
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX assessments_by_client ON assessments (client_id, seq);
CREATE UNIQUE INDEX answers_first ON answers (assessment_id, question) WHERE supersedes IS NULL;
CREATE INDEX notes_by_assessment ON notes (assessment_id);
CREATE UNIQUE INDEX safety_first ON safety (assessment_id, stop, card, step)
    WHERE supersedes IS NULL;
CREATE TRIGGER drafts_begin AFTER INSERT ON assessments BEGIN
    INSERT INTO drafts (assessment_id) VALUES (NEW.id);
END;
CREATE TRIGGER decisions_end_draft AFTER INSERT ON decisions BEGIN
    DELETE FROM drafts WHERE assessment_id = NEW.assessment_id;
END;
CREATE TRIGGER closings_end_draft AFTER INSERT ON closings BEGIN
    DELETE FROM drafts WHERE assessment_id = NEW.assessment_id;
END;
CREATE TRIGGER workers_no_UPDATE BEFORE UPDATE ON workers BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER workers_no_DELETE BEFORE DELETE ON workers BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER clients_no_UPDATE BEFORE UPDATE ON clients BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER clients_no_DELETE BEFORE DELETE ON clients BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER pathways_no_UPDATE BEFORE UPDATE ON pathways BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER pathways_no_DELETE BEFORE DELETE ON pathways BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER assessments_no_UPDATE BEFORE UPDATE ON assessments BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER assessments_no_DELETE BEFORE DELETE ON assessments BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER answers_no_UPDATE BEFORE UPDATE ON answers BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER answers_no_DELETE BEFORE DELETE ON answers BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER notes_no_UPDATE BEFORE UPDATE ON notes BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER notes_no_DELETE BEFORE DELETE ON notes BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER safety_no_UPDATE BEFORE UPDATE ON safety BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER safety_no_DELETE BEFORE DELETE ON safety BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER decisions_no_UPDATE BEFORE UPDATE ON decisions BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER decisions_no_DELETE BEFORE DELETE ON decisions BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER closings_no_UPDATE BEFORE UPDATE ON closings BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER closings_no_DELETE BEFORE DELETE ON closings BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER audit_no_UPDATE BEFORE UPDATE ON audit BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER audit_no_DELETE BEFORE DELETE ON audit BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER answers_closed BEFORE INSERT ON answers
WHEN EXISTS (SELECT 1 FROM decisions WHERE assessment_id = NEW.assessment_id)
    OR EXISTS (SELECT 1 FROM closings WHERE assessment_id = NEW.assessment_id)
BEGIN
    SELECT RAISE(ABORT, 'closed');
END;
CREATE TRIGGER notes_closed BEFORE INSERT ON notes
WHEN EXISTS (SELECT 1 FROM decisions WHERE assessment_id = NEW.assessment_id)
    OR EXISTS (SELECT 1 FROM closings WHERE assessment_id = NEW.assessment_id)
BEGIN
    SELECT RAISE(ABORT, 'closed');
END;
CREATE TRIGGER decisions_closed BEFORE INSERT ON decisions
WHEN EXISTS (SELECT 1 FROM decisions WHERE assessment_id = NEW.assessment_id)
    OR EXISTS (SELECT 1 FROM closings WHERE assessment_id = NEW.assessment_id)
BEGIN
    SELECT RAISE(ABORT, 'closed');
END;
CREATE TRIGGER closings_closed BEFORE INSERT ON closings
WHEN EXISTS (SELECT 1 FROM decisions WHERE assessment_id = NEW.assessment_id)
    OR EXISTS (SELECT 1 FROM closings WHERE assessment_id = NEW.assessment_id)
BEGIN
    SELECT RAISE(ABORT, 'closed');
END;
CREATE INDEX episodes_by_client ON episodes (client_id, seq);
CREATE INDEX episode_assessments_by_episode ON episode_assessments (episode_id);
CREATE TRIGGER episodes_no_UPDATE BEFORE UPDATE ON episodes BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER episodes_no_DELETE BEFORE DELETE ON episodes BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER episode_events_no_UPDATE BEFORE UPDATE ON episode_events BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER episode_events_no_DELETE BEFORE DELETE ON episode_events BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER episode_assessments_no_UPDATE BEFORE UPDATE ON episode_assessments BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER episode_assessments_no_DELETE BEFORE DELETE ON episode_assessments BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE INDEX worker_units_by_worker ON worker_units (worker);
CREATE TRIGGER worker_units_no_UPDATE BEFORE UPDATE ON worker_units BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE TRIGGER worker_units_no_DELETE BEFORE DELETE ON worker_units BEGIN
    SELECT RAISE(ABORT, 'append only');
END;
CREATE INDEX worklist_in_order ON worklist (rank, place, waits_from);
CREATE INDEX worklist_of_worker ON worklist (worker, rank, place, waits_from);
CREATE INDEX worklist_of_municipality ON worklist (municipality, rank, place, waits_from);
CREATE INDEX worklist_of_unit ON worklist (unit, rank, place, waits_from);
CREATE INDEX worklist_by_episode ON worklist (episode_id);
CREATE TRIGGER worklist_begin AFTER INSERT ON drafts BEGIN
    
INSERT INTO worklist
    (kind, assessment_id, episode_id, client_id, municipality, unit, worker, since)
SELECT 'draft', a.id, e.episode_id, c.id, c.municipality,
    
    coalesce(
        (SELECT u.unit FROM worker_units u WHERE u.worker = a.started_by AND u.at <= a.started_at
            ORDER BY u.rowid DESC LIMIT 1),
        (SELECT u.unit FROM worker_units u WHERE u.worker = a.started_by ORDER BY u.rowid LIMIT 1)), a.started_by, a.started_at
FROM drafts d
    JOIN assessments a ON a.id = d.assessment_id
    JOIN clients c ON c.id = a.client_id
    LEFT JOIN episode_assessments e ON e.assessment_id = a.id
 WHERE a.id = NEW.assessment_id;
END;
CREATE TRIGGER worklist_end AFTER DELETE ON drafts BEGIN
    DELETE FROM worklist WHERE assessment_id = OLD.assessment_id;
END;
CREATE TRIGGER worklist_attach AFTER INSERT ON episode_assessments BEGIN
    UPDATE worklist SET episode_id = NEW.episode_id WHERE assessment_id = NEW.assessment_id;
END;
COMMIT;
